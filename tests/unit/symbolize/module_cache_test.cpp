#include "symbolize/module_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "support.h"
#include "symbolize/file_identity.h"
#include "symbolize/programs.h"

using namespace fencepost;
using namespace fencepost::symbolize;
using test::program;
using test::shell;

namespace {

/// About `inside` of a program, with the symbol that the program's own report would have.
Question about(const std::string& path) {
  Question question;
  question.module.path = path;
  question.module.build_id = build_id_of(open_regular(path).get());
  struct stat file {};
  REQUIRE(stat(path.c_str(), &file) == 0);
  question.module.inode = file.st_ino;
  question.module.size = static_cast<std::uint64_t>(file.st_size);
  question.module.mtime = file.st_mtime;
  question.offset = test::address_of_symbol(path, "inside");
  question.symbol = "_ZN5steps4fillEi";
  return question;
}

Answer ask(const Question& question, const std::string& debug_directories = "/nonexistent") {
  return ModuleCache(debug_directories).answer(question);
}

bool is_name_alone(const Answer& answer) {
  return answer.source == std::vector{findings::SourceFrame{"steps::fill(int)", "", 0, 0, false}};
}

/// A program that waits until it is let go.
class Waiting {
 public:
  explicit Waiting(const std::string& path) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
    input_ = Descriptor(ends[1]);
    const Descriptor theirs(ends[0]);
    child_ = fork();
    if (child_ == 0) {
      dup2(theirs.get(), STDIN_FILENO);
      execl(path.c_str(), path.c_str(), "wait", nullptr);
      _exit(127);
    }
    wait_for_exec(path);
  }
  ~Waiting() {
    input_.reset();
    waitpid(child_, nullptr, 0);
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  [[nodiscard]] pid_t pid() const { return child_; }

 private:
  void wait_for_exec(const std::string& path) const {
    const std::string link = "/proc/" + std::to_string(child_) + "/exe";
    std::error_code error;
    while (std::filesystem::read_symlink(link, error) != path) {
      if (waitpid(child_, nullptr, WNOHANG) != 0) throw std::runtime_error("did not start: " + path);
    }
  }

  Descriptor input_;
  pid_t child_ = -1;
};

}  // namespace

TEST_CASE("the file that the process ran has the source, and no note", "[symbolize]") {
  for (const char* const name : {"steps", "steps.no_id", "steps.no_pie", "steps.so"}) {
    const Answer answer = ask(about(program(name)));
    CHECK(test::is_inside(answer.source));
    CHECK(answer.note.empty());
  }
}

TEST_CASE("of a deleted file there is only what the process said", "[symbolize]") {
  const test::TempFolder folder;
  shell("cp " + program("steps") + " " + (folder / "gone"));
  const Question question = about(folder / "gone");
  shell("rm " + (folder / "gone"));
  const Answer answer = ask(question);
  CHECK(is_name_alone(answer));
  CHECK(answer.note == "file was deleted since");
}

TEST_CASE("nothing is taken from a file that came later", "[symbolize]") {
  const char* const name = GENERATE("steps", "steps.no_id");
  const test::TempFolder folder;
  shell("cp " + program(name) + " " + (folder / "replaced"));
  const Question question = about(folder / "replaced");
  shell("cp " + program("steps.no_pie") + " " + (folder / "new") + " && mv " + (folder / "new") + " " +
        (folder / "replaced"));
  const Answer answer = ask(question);
  CHECK(is_name_alone(answer));
  CHECK(answer.note == "file was replaced since");
}

TEST_CASE("a copy of the file with its build id is the same file", "[symbolize]") {
  const test::TempFolder folder;
  Question question = about(program("steps"));
  question.module.path = folder / "moved";
  shell("cp " + program("steps") + " " + (folder / "moved"));
  CHECK(test::is_inside(ask(question).source));
}

TEST_CASE("a deleted program that still runs is read", "[symbolize]") {
  const test::TempFolder folder;
  shell("cp " + program("steps") + " " + (folder / "running"));
  Question question = about(folder / "running");
  const Waiting process(folder / "running");
  shell("rm " + (folder / "running"));
  question.pid = process.pid();
  const Answer answer = ask(question);
  CHECK(test::is_inside(answer.source));
  CHECK(answer.note == "file was deleted since");

  // Another process has the number now.
  question.module.build_id = build_id_of(open_regular(program("steps.so")).get());
  CHECK(is_name_alone(ask(question)));
}

TEST_CASE("debug information that is kept by build id serves for a file that is gone", "[symbolize]") {
  const test::TempFolder folder;
  Question question = about(program("steps"));
  const std::string& id = question.module.build_id;
  const std::string kept = "debug/.build-id/" + id.substr(0, 2);
  shell("cd " + (folder / "") + " && mkdir -p " + kept + " && objcopy --only-keep-debug " + program("steps") + " " +
        kept + "/" + id.substr(2) + ".debug");
  question.module.path = folder / "gone";
  const Answer answer = ask(question, folder / "debug");
  CHECK(test::is_inside(answer.source));
  CHECK(answer.note == "file was deleted since");
}

TEST_CASE("what is no regular file is not read, and said", "[symbolize]") {
  const test::TempFolder folder;
  Question question = about(program("steps"));
  question.module.path = folder / "";
  const Answer answer = ask(question);
  CHECK(is_name_alone(answer));
  CHECK(answer.note == "file can't be read: no regular file");
}

TEST_CASE("a module that is no file has the name that the process said, and no note", "[symbolize]") {
  for (const char* const path : {"", "linux-vdso.so.1", "[vdso]"}) {
    Question question;
    question.module.path = path;
    question.symbol = "__vdso_gettimeofday";
    const Answer answer = ask(question);
    REQUIRE(answer.source.size() == 1);
    CHECK(answer.source[0].function == "__vdso_gettimeofday");
    CHECK(answer.note.empty());
    question.symbol.clear();
    CHECK(ask(question).source.empty());
  }
}

TEST_CASE("a file is opened once, for all its addresses", "[symbolize]") {
  const test::TempFolder folder;
  shell("cp " + program("steps") + " " + (folder / "copy"));
  Question question = about(folder / "copy");
  ModuleCache cache("/nonexistent");
  CHECK(test::is_inside(cache.answer(question).source));
  const std::string open_before = test::open_descriptors();
  shell("rm " + (folder / "copy"));
  question.offset += 1;
  const Answer answer = cache.answer(question);
  CHECK(test::is_inside(answer.source) == false);
  CHECK(answer.source.size() == 2);
  CHECK(answer.note.empty());
  CHECK(test::open_descriptors().size() == open_before.size() + std::string(" (deleted)").size());
}
