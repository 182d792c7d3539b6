// Where messages go.
#pragma once

#include <string_view>

#include "base/types.h"
#include "os/file.h"
#include "os/kept_descriptor.h"

namespace fencepost::report {

/// Standard error, or a file. Context: anywhere, signal handlers too.
class Sink {
 public:
  constexpr Sink() = default;

  /// Messages go to the file `path`, in which every `%p` stands for the process id, from now on. It is
  /// opened anew for each message, so that it survives a program that closes all descriptors. `path` must
  /// stay where it is.
  void set_path(std::string_view path) { path_ = path; }

  [[nodiscard]] bool has_path() const { return !path_.empty(); }
  /// True if what is written is read on a terminal.
  [[nodiscard]] bool is_terminal() const { return path_.empty() && os::is_terminal(os::kStandardError); }

  /// Keeps a second descriptor for what standard error is now, for messages at the end of programs that
  /// close theirs before they exit, as the GNU tools do. Context: start-up.
  void keep_standard_error();

  /// Keeps a descriptor of the file if it is there already and one for all processes: for programs that can't open it
  /// any more, because they changed their root or may have no more descriptors. Context: start-up.
  void keep_file();

  /// Gives up that of standard error: in a forked child it could hold a pipe open that a daemon means to let go.
  void release_standard_error();

  /// Writes a finding or a part of one: if the file can't be opened or written, to standard error.
  void write(std::string_view message) const;

  /// Writes a message that is of no interest to whoever reads the program's own output: if the file can't be
  /// opened or written, nowhere.
  void write_note(std::string_view message) const;

  /// Appends a message to the file, by one write, so that those of several processes don't mix. False, with nothing
  /// written, if there is none or it can't be opened.
  [[nodiscard]] bool write_to_file(std::string_view message) const;

 private:
  std::string_view path_;
  os::KeptDescriptor kept_error_;
  os::KeptDescriptor kept_file_;
};

}  // namespace fencepost::report
