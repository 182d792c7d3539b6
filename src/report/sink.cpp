#include "report/sink.h"

#include "base/text.h"
#include "base/writer.h"
#include "os/errno_scope.h"
#include "os/process.h"

namespace fencepost::report {

namespace {

/// Zero-terminated, with every %p replaced.
void expand(std::string_view path, Writer& out) {
  for (Size at = path.find("%p"); at != std::string_view::npos; at = path.find("%p")) {
    out.text(first(path, at)).decimal(static_cast<unsigned>(os::process_id()));
    path.remove_prefix(at + 2);
  }
  out.text(path).text({"\0", 1});
}

}  // namespace

void Sink::keep_standard_error() { kept_error_.keep_copy_of(os::kStandardError); }

void Sink::release_standard_error() { kept_error_.release(); }

void Sink::keep_file() {
  TextBuffer<1024> path;
  expand(path_, path);
  if (path_.empty() || path.truncated() || path_.find("%p") != std::string_view::npos) return;
  const int descriptor = os::open_existing_for_appending(path.view().data());
  if (descriptor < 0) return;
  kept_file_.keep_copy_of(descriptor);
  os::close_descriptor(descriptor);
}

bool Sink::write_to_file(std::string_view message) const {
  const os::ErrnoScope errno_scope;
  if (path_.empty()) return false;
  TextBuffer<1024> path;
  expand(path_, path);
  const int descriptor = path.truncated() ? -1 : os::open_for_appending(path.view().data());
  if (descriptor < 0) return kept_file_.number() >= 0 && os::write_all(kept_file_.number(), message);
  const bool written = os::write_all(descriptor, message);
  os::close_descriptor(descriptor);
  return written;
}

void Sink::write_note(std::string_view message) const {
  const os::ErrnoScope errno_scope;
  if (path_.empty()) return write(message);
  static_cast<void>(write_to_file(message));
}

void Sink::write(std::string_view message) const {
  const os::ErrnoScope errno_scope;
  if (write_to_file(message)) return;
  if (os::write_all(os::kStandardError, message)) return;
  if (const int kept = kept_error_.number(); kept >= 0) os::write_all(kept, message);
}

}  // namespace fencepost::report
