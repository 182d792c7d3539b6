// A process that reads debug information, so that a broken file takes nothing down but it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>

#include "symbolize/descriptor.h"
#include "symbolize/module_cache.h"

namespace fencepost::symbolize {

using Answering = std::function<Answer(const Question&)>;

class HelperProcess {
 public:
  /// Forks; the child answers by `answering` until this object goes. Where that fails, nothing is ever
  /// answered.
  explicit HelperProcess(const Answering& answering);
  ~HelperProcess();
  HelperProcess(const HelperProcess&) = delete;
  HelperProcess& operator=(const HelperProcess&) = delete;

  /// Nothing, if the child dies of the question or takes longer than `patience`. It is of no use after that.
  [[nodiscard]] std::optional<Answer> ask(const Question& question, std::chrono::milliseconds patience);

 private:
  pid_t child_ = -1;
  Descriptor socket_;
};

}  // namespace fencepost::symbolize
