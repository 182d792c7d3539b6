#include "os/memory_limit.h"

#include <sys/sysinfo.h>

#include <algorithm>

#include "base/text.h"
#include "base/writer.h"
#include "os/file.h"

namespace fencepost::os {

namespace {

constexpr Size kNoLimit = ~Size{0};

/// The decimal number after `label` in a small text file, or `otherwise`.
Size number_after(const char* path, std::string_view label, Size otherwise) {
  File file(path);
  char buffer[4096];
  const std::string_view text{buffer, file.read(buffer, sizeof buffer)};
  const Size at = text.find(label);
  if (at == std::string_view::npos) return otherwise;
  std::string_view rest = without_first(text, at + label.size());
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  if (rest.empty() || rest.front() < '0' || rest.front() > '9') return otherwise;
  Size value = 0;
  for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; rest.remove_prefix(1)) {
    value = value * 10 + static_cast<Size>(rest.front() - '0');
  }
  return value;
}

/// This process's group below the mount point: what follows "0::" in /proc/self/cgroup, or "".
void append_cgroup(Writer& path) {
  File file("/proc/self/cgroup");
  char buffer[1024];
  const std::string_view text{buffer, file.read(buffer, sizeof buffer)};
  const Size at = text.find("0::");
  if (at != std::string_view::npos) path.text(split(without_first(text, at + 3), '\n').head);
}

Size in_cgroup(std::string_view name) {
  TextBuffer<1280> path;
  path.text("/sys/fs/cgroup");
  append_cgroup(path);
  path.text("/").text(name).text({"\0", 1});
  return number_after(path.view().data(), "", kNoLimit);
}

Size left_by_cgroup() {
  const Size most =
      std::min(in_cgroup("memory.max"), number_after("/sys/fs/cgroup/memory/memory.limit_in_bytes", "", kNoLimit));
  if (most == kNoLimit) return kNoLimit;
  const Size used = in_cgroup("memory.current");
  return used == kNoLimit ? most : most - std::min(most, used);
}

}  // namespace

Size total_memory() {
  struct sysinfo info {};
  if (sysinfo(&info) != 0) return kNoLimit;
  return (Size{info.totalram} + info.totalswap) * info.mem_unit;
}

Size available_memory() {
  const Size kibibytes = number_after("/proc/meminfo", "MemAvailable:", kNoLimit >> 10);
  return std::min(kibibytes << 10, left_by_cgroup());
}

}  // namespace fencepost::os
