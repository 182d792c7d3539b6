// One engine at work in address space of its own.
#pragma once

#include <catch2/catch.hpp>

#include "fence/fence.h"
#include "os/attempt.h"
#include "os/file.h"
#include "os/pages.h"
#include "support.h"

namespace fencepost::test {

inline constexpr std::uint8_t kEnginePattern = 0xa5;

/// A store at `address`, inside os::attempt.
[[nodiscard]] inline bool faults_here(Address address) {
  return !os::attempt([=] { byte_at(address) = 1; });
}

/// Address space for an engine, prepared unless that is the test's own business; given back at the end.
template <typename Engine>
class EngineRig {
 public:
  explicit EngineRig(Size pages, bool prepared = true) : range_(os::reserve(pages * kPageSize)) {
    works_ = !range_.empty();
    if constexpr (requires { engine_.start(range_, kEnginePattern); }) {
      works_ = works_ && engine_.start(range_, kEnginePattern);
    }
    if (prepared) works_ = works_ && engine_.prepare(range_);
  }
  ~EngineRig() {
    if constexpr (requires { engine_.descriptor(); }) {
      if (engine_.descriptor() >= 0) os::close_descriptor(engine_.descriptor());
    }
    os::give_back(range_);
  }
  EngineRig(const EngineRig&) = delete;
  EngineRig& operator=(const EngineRig&) = delete;

  /// False if the kernel does not offer the engine.
  [[nodiscard]] bool works() const { return works_; }
  [[nodiscard]] Engine& engine() { return engine_; }
  [[nodiscard]] Range range() const { return range_; }
  [[nodiscard]] Range pages(Size first, Size count = 1) const {
    const Address begin = range_.begin + first * kPageSize;
    return {begin, begin + count * kPageSize};
  }

  /// Tried in a child, which takes the engine up again.
  [[nodiscard]] bool load_faults(Address address) {
    return in_child([&] {
             engine_.after_fork_in_child();
             static_cast<void>(char{byte_at(address)});
           })
        .died_of_fault();
  }
  [[nodiscard]] bool store_faults(Address address) {
    return in_child([&] {
             engine_.after_fork_in_child();
             byte_at(address) = 1;
           })
        .died_of_fault();
  }

 private:
  Range range_;
  Engine engine_;
  bool works_ = false;
};

/// Whether this kernel offers the engine; says so if it does not.
template <typename Engine>
[[nodiscard]] bool is_offered() {
  if (EngineRig<Engine>(8).works()) return true;
  WARN(Engine::kName << " is not tested: the kernel does not offer it");
  return false;
}

}  // namespace fencepost::test
