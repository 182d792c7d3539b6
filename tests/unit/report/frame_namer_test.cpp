#include "report/frame_namer.h"

#include <fcntl.h>

#include <catch2/catch.hpp>
#include <deque>
#include <string>

#include "report/elf_file.h"
#include "support.h"

using namespace fencepost;
using report::FrameName;
using report::FrameNamer;
using report::ModuleName;

namespace {

/// Module number n lies at n × 0x100000 and has a function in its first 0x1000 bytes.
class Modules {
 public:
  explicit Modules(Size count) {
    paths().clear();
    for (Size i = 0; i < count; ++i) {
      files_.emplace_back(test::elf_file({{"function_" + std::to_string(i), 0, 0x1000}}));
      paths().push_back(files_.back().path());
    }
  }

  static ModuleName find(Address pc) {
    const Size number = pc / kSpan;
    if (number >= paths().size()) return {};
    return {paths()[number].c_str(), number * kSpan, number == 1};
  }
  static constexpr Address kSpan = 0x100000;

 private:
  static std::deque<std::string>& paths() {
    static std::deque<std::string> paths;
    return paths;
  }
  std::deque<test::TempFile> files_;
};

}  // namespace

TEST_CASE("a frame may have a source file", "[report]") {
  static std::string path;
  const test::TempFile file(test::elf_file({{"fill.c", 0, 0, STT_FILE, SHN_ABS}, {"fill", 0, 0x1000}}));
  path = file.path();
  FrameNamer namer([](Address pc) { return pc < 0x100000 ? ModuleName{} : ModuleName{path.c_str(), 0x100000, false}; });
  CHECK(namer.source_file(0x100123) == "fill.c");
  CHECK(namer.source_file(0x101123).empty());
  CHECK(namer.source_file(0x123).empty());
}

TEST_CASE("a frame has a function, a module and an offset in it", "[report]") {
  const Modules modules(3);
  FrameNamer namer(Modules::find);
  const FrameName frame = namer.name(2 * Modules::kSpan + 0x123);
  CHECK(frame.function == "function_2");
  CHECK(frame.offset == 0x123);
  CHECK(frame.module.path == Modules::find(2 * Modules::kSpan).path);
  CHECK_FALSE(frame.module.unloaded);
  CHECK(namer.name(Modules::kSpan).module.unloaded);
}

TEST_CASE("a frame without a function still has its module", "[report]") {
  const Modules modules(1);
  FrameNamer namer(Modules::find);
  const FrameName frame = namer.name(0x5000);
  CHECK(frame.function.empty());
  CHECK(frame.module.path != nullptr);
  CHECK(frame.offset == 0x5000);
}

TEST_CASE("a frame in no module has no name", "[report]") {
  const Modules modules(1);
  FrameNamer namer(Modules::find);
  const FrameName frame = namer.name(0x7fff00000000);
  CHECK(frame.function.empty());
  CHECK(frame.module.path == nullptr);
}

TEST_CASE("frames of more modules than are kept open are named in any order", "[report]") {
  const Modules modules(20);
  FrameNamer namer(Modules::find);
  for (int turn = 0; turn < 3; ++turn) {
    for (Size number = 0; number < 20; ++number) {
      CHECK(namer.name(number * Modules::kSpan + 1).function == "function_" + std::to_string(number));
    }
  }
}

TEST_CASE("a namer leaves no file open or mapped", "[report]") {
  const Modules modules(12);
  const std::string before = test::open_descriptors();
  const std::string path = Modules::find(0).path;
  {
    FrameNamer namer(Modules::find);
    for (Size number = 0; number < 12; ++number) static_cast<void>(namer.name(number * Modules::kSpan));
    CHECK(test::open_descriptors() == before);
    static_cast<void>(namer.name(0));
    CHECK(test::read_file("/proc/self/maps").find(path) != std::string::npos);
  }
  for (Size number = 0; number < 12; ++number) {
    CHECK(test::read_file("/proc/self/maps").find(Modules::find(number * Modules::kSpan).path) == std::string::npos);
  }
}

TEST_CASE("a file that is cut short while it is read costs its names and nothing else", "[report]") {
  std::vector<test::Symbol> symbols;
  for (Address i = 0; i < 1000; ++i) symbols.push_back({"function", i * 0x10, 0x10});
  static std::string path;
  const test::TempFile file(test::elf_file(symbols));
  path = file.path();
  CHECK(test::holds_in_child([] {
    test::catch_faults_in_attempts();
    FrameNamer namer([](Address) { return ModuleName{path.c_str(), 0, false}; });
    if (namer.name(0x100).function != "function") return false;
    if (truncate(path.c_str(), 0) != 0) return false;
    const FrameName frame = namer.name(0x100);
    return frame.function.empty() && frame.module.path == path.c_str() && frame.offset == 0x100;
  }));
}

namespace {

/// One module at 0, as it was when it was loaded.
struct LoadedModule {
  test::TempFile file{test::elf_file({{"function", 0, 0x1000}}) + "\xde\xad\xbe\xef"};
  os::BuildId build_id{{0xde, 0xad, 0xbe, 0xef}, 4};
  os::FileStatus status;

  LoadedModule() {
    REQUIRE(os::read_file_status(file.path().c_str(), status));
    loaded() = {.path = file.path().c_str(), .build_id = &build_id, .file = &status};
  }

  /// What a namer that begins now says of the module's function.
  [[nodiscard]] static std::string name() {
    FrameNamer namer([](Address) { return loaded(); });
    return std::string(namer.name(0x100).function);
  }

  static ModuleName& loaded() {
    static ModuleName module;
    return module;
  }
};

}  // namespace

TEST_CASE("names come from the file that was loaded, not from one in its place", "[report]") {
  LoadedModule module;
  CHECK(LoadedModule::name() == "function");
  module.status.inode += 1;
  CHECK(LoadedModule::name() == "function");  // a copy: the build id is there
  module.build_id.bytes[0] = 0;
  CHECK(LoadedModule::name().empty());
  module.status.inode -= 1;
  CHECK(LoadedModule::name() == "function");  // the same file: nobody looks for its build id
  module.status.modification_time -= 1;
  CHECK(LoadedModule::name().empty());
}

TEST_CASE("a file is known by its build id alone, or by its status alone", "[report]") {
  LoadedModule module;
  LoadedModule::loaded().file = nullptr;
  CHECK(LoadedModule::name() == "function");
  module.build_id.bytes[0] = 0;
  CHECK(LoadedModule::name().empty());
  LoadedModule::loaded().build_id = nullptr;
  CHECK(LoadedModule::name() == "function");  // nothing is known of it
  LoadedModule::loaded().file = &module.status;
  CHECK(LoadedModule::name() == "function");
  module.status.size += 1;
  CHECK(LoadedModule::name().empty());
}
