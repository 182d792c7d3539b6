// The module that tests load, and its functions.
#pragma once

#include <dlfcn.h>

#include "base/types.h"

namespace fencepost::test {

class TestModule {
 public:
  TestModule() : handle_(dlopen(FENCEPOST_TEST_MODULE, RTLD_NOW | RTLD_LOCAL)) {}
  ~TestModule() { unload(); }
  TestModule(const TestModule&) = delete;
  TestModule& operator=(const TestModule&) = delete;

  void unload() {
    if (handle_ != nullptr) dlclose(handle_);
    handle_ = nullptr;
  }
  [[nodiscard]] void* handle() const { return handle_; }
  [[nodiscard]] auto call_back() const { return function<int(int (*)(void*), void*)>("call_back_from_module"); }
  [[nodiscard]] auto open_pipe() const { return function<int(int(&)[2])>("open_pipe_from_module"); }
  /// An address in its code.
  [[nodiscard]] Address code() const { return reinterpret_cast<Address>(dlsym(handle_, "call_back_from_module")); }

 private:
  template <typename Function>
  Function* function(const char* name) const {
    return reinterpret_cast<Function*>(dlsym(handle_, name));
  }

  void* handle_;
};

}  // namespace fencepost::test
