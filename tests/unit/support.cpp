#include "support.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <system_error>

#include "os/attempt.h"
#include "os/signals.h"

namespace fencepost::test {

namespace {
/// Only a child that hangs lives this long.
constexpr unsigned kPatienceSeconds = 120;

struct MemoryInUse {
  Size all = 0;
  Size resident = 0;
  Size data = 0;
};

MemoryInUse memory_in_use() {
  // proc(5): pages of the program, resident, shared, text, 0, and data with stack.
  Size pages[6] = {};
  std::ifstream file("/proc/self/statm");
  for (Size& count : pages) file >> count;
  return {pages[0] * kPageSize, pages[1] * kPageSize, pages[5] * kPageSize};
}

bool limit_to(int resource, Size limit) {
  const rlimit request{limit, limit};
  return setrlimit(static_cast<__rlimit_resource>(resource), &request) == 0;
}
}  // namespace

Size resident_bytes() { return memory_in_use().resident; }

bool ChildEnd::died_of_fault() const { return died_of(SIGSEGV) || died_of(SIGBUS); }

namespace detail {

pid_t start_child() {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) {
    for (const int fatal : {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGTRAP}) signal(fatal, SIG_DFL);
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    alarm(kPatienceSeconds);
  }
  return child;
}

ChildEnd wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  }
  return ChildEnd(status);
}

void* map_shared(Size bytes) {
  void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  return memory;
}

void unmap_shared(void* memory, Size bytes) { munmap(memory, bytes); }

}  // namespace detail

void catch_faults_in_attempts() {
  const os::SignalHandler fall_out = [](int, siginfo_t*, void* context) {
    if (!os::may_give_up(context)) _exit(99);
    os::give_up_attempt(context);
  };
  if (!os::install_handler(SIGSEGV, fall_out) || !os::install_handler(SIGBUS, fall_out)) _exit(98);
}

std::vector<bool> resident_pages(Range range) {
  constexpr std::uint64_t kPresent = std::uint64_t{1} << 63;
  std::vector<std::uint64_t> entries(range.size() / kPageSize);
  const Size bytes = entries.size() * sizeof(std::uint64_t);
  const int map = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  const auto at = static_cast<off_t>(range.begin / kPageSize * sizeof(std::uint64_t));
  const ssize_t got = pread(map, entries.data(), bytes, at);
  close(map);
  if (got != static_cast<ssize_t>(bytes)) throw std::runtime_error("/proc/self/pagemap can't be read");
  std::vector<bool> pages;
  for (const std::uint64_t entry : entries) pages.push_back((entry & kPresent) != 0);
  return pages;
}

bool limit_address_space(Size more) { return limit_to(RLIMIT_AS, memory_in_use().all + more); }

bool limit_data(Size more) { return limit_to(RLIMIT_DATA, memory_in_use().data + more); }

bool forbid_system_call(unsigned number) {
  sock_filter filter[] = {
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, number},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | 1},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
  };
  const sock_fprog program{4, filter};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

bool load_faults(Address address) {
  return in_child([=] { static_cast<void>(char{byte_at(address)}); }).died_of_fault();
}

bool store_faults(Address address) {
  return in_child([=] { byte_at(address) = 1; }).died_of_fault();
}

TempFile::TempFile(std::string_view contents) : path_("/tmp/fencepost-unit-XXXXXX") {
  const int descriptor = mkstemp(path_.data());
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "mkstemp");
  close(descriptor);
  std::ofstream(path_, std::ios::binary) << contents;
}

TempFile::~TempFile() { unlink(path_.c_str()); }

std::string TempFile::contents() const { return read_file(path_); }

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string open_descriptors() {
  std::map<std::string, std::string> open;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const std::string name = std::filesystem::read_symlink(entry.path(), gone).string();
    // The listing itself.
    if (name != "/proc/" + std::to_string(getpid()) + "/fd") open[entry.path().filename()] = name;
  }
  std::string text;
  for (const auto& [number, name] : open) text += number + " -> " + name + "\n";
  return text;
}

}  // namespace fencepost::test
