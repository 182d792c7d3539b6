#include "os/sandbox.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string_view>

#include "base/text.h"
#include "os/errno_scope.h"
#include "os/file.h"

namespace fencepost::os {

namespace {

/// The number after "name:\t" in proc(5)'s status; false if there is no such line.
bool find_number(std::string_view status, std::string_view name, unsigned& number) {
  for (Split lines = split(status, '\n'); !lines.head.empty(); lines = split(lines.tail, '\n')) {
    const Split line = split(lines.head, '\t');
    if (line.head != name) continue;
    number = 0;
    for (const char digit : line.tail) number = number * 10 + static_cast<unsigned>(digit - '0');
    return true;
  }
  return false;
}

}  // namespace

bool read_sandbox(Sandbox& sandbox) {
  const ErrnoScope errno_scope;
  File file("/proc/self/status");
  char text[8192];
  Size size = 0;
  if (!file.is_open() || !file.read_all(text, sizeof text, size)) return false;
  const std::string_view status(text, size);
  sandbox = {};
  static_cast<void>(find_number(status, "Seccomp_filters:", sandbox.filters));
  return find_number(status, "Seccomp:", sandbox.mode);
}

Sandbox initial_sandbox() {
  const ErrnoScope errno_scope;
  Sandbox sandbox;
  // Most processes are in none, and start faster without reading a file.
  if (syscall(SYS_prctl, PR_GET_SECCOMP, 0, 0, 0, 0) > 0) static_cast<void>(read_sandbox(sandbox));
  return sandbox;
}

}  // namespace fencepost::os
