// The program that makes a finding's lines of JSON into a better report than can be made here.
#pragma once

#include <atomic>
#include <string_view>

#include "base/types.h"
#include "os/sandbox.h"
#include "report/sink.h"

namespace fencepost::report {

/// Not usable until it was found.
class Tool {
 public:
  constexpr Tool() = default;

  /// The tool is the file `path`, unless that is empty; it is not looked for before it is needed. A path without a
  /// leading slash begins at the directory of now. Context: start-up.
  void set_path(std::string_view path);
  /// It is one of those in the places where it may have been installed to with the library that this code is part of.
  /// Nowhere, if that is a program. Context: start-up.
  void look_beside_library();
  /// It may take no longer than this for a report, or it is ended.
  void set_time_limit(unsigned milliseconds) { milliseconds_ = milliseconds; }

  /// False too once it has failed: then it would again, and each time might take as long.
  [[nodiscard]] bool is_usable() const { return paths_[0][0] != '\0' && !failed_.load(std::memory_order_relaxed); }
  [[nodiscard]] unsigned time_limit() const { return milliseconds_; }

  /// Gives it a finding, and its answer to `sink`. False if it could not be started, failed, took too long or had
  /// nothing to say, or if the program has locked itself in since it started: then nothing was written. Context:
  /// signal, one thread at a time.
  [[nodiscard]] bool tell(std::string_view finding, const Sink& sink);

 private:
  static constexpr Size kPlaces = 2;
  static constexpr Size kLongestPath = 1024;

  [[nodiscard]] bool run(std::string_view finding, const Sink& sink);
  void add_place(Size index, std::string_view directory, std::string_view name);

  char paths_[kPlaces][kLongestPath] = {};
  unsigned milliseconds_ = 4000;
  std::atomic<bool> failed_{false};
  os::Sandbox sandbox_;
};

}  // namespace fencepost::report
