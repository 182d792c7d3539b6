// The modules that call stacks have passed through: what the unwinder reads instead of the loader's list.
#pragma once

#include <link.h>

#include <atomic>

#include "base/range.h"
#include "base/types.h"
#include "os/module_identity.h"
#include "os/modules.h"

namespace fencepost::stack {

/// A module as it was when it was first met; it stays listed after dlclose, so that old traces keep their
/// names.
struct KnownModule {
  static constexpr Size kMaxHeaders = 16;
  static constexpr Size kMaxPath = 512;

  enum class State : std::uint8_t { empty, loaded, unloaded };

  std::atomic<State> state{State::empty};
  Range range;
  Address bias = 0;
  Size header_count = 0;
  ElfW(Phdr) headers[kMaxHeaders];
  char path[kMaxPath];
  os::BuildId build_id;
  std::atomic<bool> file_known{false};
  os::FileStatus file;  ///< of its path when it was loaded, or soon after; if `file_known`
};

/// Grows by what captures meet; asks the loader only what can be asked without its locks.
/// Context: malloc and signal handlers, any thread.
class ModuleList {
 public:
  constexpr ModuleList() = default;

  /// Once, before any other call; without it the list stays empty. False if there is no memory.
  [[nodiscard]] bool reserve();

  /// Calls `callback` as dl_iterate_phdr(3) would, for the modules known, then for those the loader has and
  /// this list has not met yet. Stops when it returns other than 0, and returns that.
  int iterate(int (*callback)(dl_phdr_info*, std::size_t, void*), void* data);

  /// Marks the modules that are gone, after a dlclose. True if there were any, or may be some that the list has no room
  /// for.
  bool forget_unloaded();

  /// The loaded module that contains `address`, else the last unloaded one that did, else null.
  [[nodiscard]] const KnownModule* find(Address address) const;

  /// Adds all modules that the loader has, and takes note of what their files are. Context: the loader is idle.
  void note_files();

  /// Adds the module that contains `address`, if there is one and it is not known.
  void learn(Address address);

 private:
  static constexpr Size kCapacity = 1024;

  [[nodiscard]] bool knows(Address address) const;
  [[nodiscard]] KnownModule* take_up_again(const os::Module& module);
  [[nodiscard]] KnownModule* add(const os::Module& module);
  [[nodiscard]] KnownModule* find_loaded(Address address);

  std::atomic<Size> count_{0};
  KnownModule* modules_ = nullptr;  ///< kCapacity of them
};

}  // namespace fencepost::stack
