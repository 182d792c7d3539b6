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

void Sink::keep_standard_error() {
  if (os::identify(os::kStandardError, kept_identity_)) kept_ = os::duplicate_high(os::kStandardError);
}

void Sink::release_standard_error() {
  os::FileIdentity now;
  if (kept_ >= 0 && os::identify(kept_, now) && now == kept_identity_) os::close_descriptor(kept_);
  kept_ = -1;
}

bool Sink::write_to_file(std::string_view message) const {
  const os::ErrnoScope errno_scope;
  if (path_.empty()) return false;
  TextBuffer<1024> path;
  expand(path_, path);
  const int descriptor = path.truncated() ? -1 : os::open_for_appending(path.view().data());
  if (descriptor < 0) return false;
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
  // The program may have closed the kept one too, and its number may be another file's by now.
  os::FileIdentity now;
  if (kept_ >= 0 && os::identify(kept_, now) && now == kept_identity_) os::write_all(kept_, message);
}

}  // namespace fencepost::report
