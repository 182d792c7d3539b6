#include "report/sink.h"

#include "base/text.h"
#include "base/writer.h"
#include "os/errno_scope.h"
#include "os/file.h"
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

void Sink::write(std::string_view message) const {
  const os::ErrnoScope errno_scope;
  if (!path_.empty()) {
    TextBuffer<1024> path;
    expand(path_, path);
    const int descriptor = path.truncated() ? -1 : os::open_for_appending(path.view().data());
    if (descriptor >= 0) {
      os::write_all(descriptor, message);
      os::close_descriptor(descriptor);
      return;
    }
  }
  os::write_all(os::kStandardError, message);
}

}  // namespace fencepost::report
