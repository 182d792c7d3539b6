#include "stack/private_imports.h"

#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <span>
#include <string_view>

#include "base/align.h"
#include "os/libraries.h"
#include "os/pages.h"
#include "stack/module_list.h"

namespace fencepost::stack {

namespace {

[[gnu::tls_model("initial-exec")]] constinit thread_local int capture_depth = 0;

/// libunwind's own; it takes one at a time.
[[gnu::tls_model("initial-exec")]] constinit thread_local pthread_mutex_t* held_mutex = nullptr;

using MutexFunction = int (*)(pthread_mutex_t*);
constinit MutexFunction lock_mutex = nullptr;
constinit MutexFunction unlock_mutex = nullptr;

constinit ModuleList* known_modules = nullptr;

using PhdrCallback = int (*)(dl_phdr_info*, std::size_t, void*);

int iterate_modules(PhdrCallback callback, void* data) {
  if (!CaptureScope::active()) return dl_iterate_phdr(callback, data);
  return known_modules->iterate(callback, data);
}

int open_no_pipe(int descriptors[2], int flags) {
  if (!CaptureScope::active()) return pipe2(descriptors, flags);
  descriptors[0] = descriptors[1] = -1;
  return 0;
}

ssize_t read_nothing(int descriptor, void* buffer, size_t size) {
  if (!CaptureScope::active()) return ::read(descriptor, buffer, size);
  errno = EAGAIN;
  return -1;
}

/// "Readable", without looking.
ssize_t write_nothing(int descriptor, const void* buffer, size_t size) {
  if (!CaptureScope::active()) return ::write(descriptor, buffer, size);
  errno = 0;
  return static_cast<ssize_t>(size);
}

long call_nothing(long number, long a, long b, long c, long d, long e, long f) {
  if (!CaptureScope::active()) return syscall(number, a, b, c, d, e, f);
  errno = 0;
  return c;
}

int close_nothing(int descriptor) { return CaptureScope::active() ? 0 : close(descriptor); }

int all_is_resident(void* address, size_t size, unsigned char* residence) {
  return CaptureScope::active() ? 0 : mincore(address, size, residence);
}

int keep_signals(int how, const sigset_t* set, sigset_t* old) {
  if (!CaptureScope::active()) return sigprocmask(how, set, old);
  if (old != nullptr) sigemptyset(old);
  return 0;
}

int lock_for_capture(pthread_mutex_t* mutex) {
  const int result = lock_mutex(mutex);
  if (CaptureScope::active()) held_mutex = mutex;
  return result;
}

int unlock_in_capture(pthread_mutex_t* mutex) {
  const int result = unlock_mutex(mutex);
  if (held_mutex == mutex) held_mutex = nullptr;
  return result;
}

struct Redirection {
  std::string_view name;
  void* target;
};

template <typename Function>
Redirection redirection(std::string_view name, Function* target) {
  return {name, reinterpret_cast<void*>(target)};
}

bool find_mutex_functions(const link_map& library) {
  void* const handle = const_cast<link_map*>(&library);
  lock_mutex = reinterpret_cast<MutexFunction>(os::find_symbol(handle, "pthread_mutex_lock"));
  unlock_mutex = reinterpret_cast<MutexFunction>(os::find_symbol(handle, "pthread_mutex_unlock"));
  return lock_mutex != nullptr && unlock_mutex != nullptr;
}

/// The parts of a module's dynamic section that its imports are found with.
struct DynamicSection {
  explicit DynamicSection(const link_map& library) {
    for (const auto* entry = library.l_ld; entry->d_tag != DT_NULL; ++entry) {
      const Address value = entry->d_un.d_ptr;
      switch (entry->d_tag) {
        case DT_SYMTAB: symbols = reinterpret_cast<const ElfW(Sym)*>(value); break;
        case DT_STRTAB: names = reinterpret_cast<const char*>(value); break;
        case DT_JMPREL: calls = reinterpret_cast<const ElfW(Rela)*>(value); break;
        case DT_PLTRELSZ: call_count = value / sizeof(ElfW(Rela)); break;
        case DT_RELA: data = reinterpret_cast<const ElfW(Rela)*>(value); break;
        case DT_RELASZ: data_count = value / sizeof(ElfW(Rela)); break;
        default: break;
      }
    }
  }

  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  const ElfW(Rela) * calls = nullptr;
  Size call_count = 0;
  const ElfW(Rela) * data = nullptr;
  Size data_count = 0;
};

void redirect_slot(Address slot, void* target) {
  const Address page = align_down(slot, kPageSize);
  if (os::open_pages({page, page + kPageSize})) *reinterpret_cast<void**>(slot) = target;
}

void redirect_relocations(const ElfW(Rela) * relocations, Size count, const DynamicSection& section, Address bias,
                          const Redirection& redirection) {
  for (Size i = 0; relocations != nullptr && i < count; ++i) {
    const ElfW(Rela)& relocation = relocations[i];
    const auto symbol = ELF64_R_SYM(relocation.r_info);
    if (symbol == 0 || redirection.name != section.names + section.symbols[symbol].st_name) continue;
    redirect_slot(bias + relocation.r_offset, redirection.target);
  }
}

void redirect(const link_map& library, const DynamicSection& section, std::span<const Redirection> redirections) {
  for (const Redirection& redirection : redirections) {
    redirect_relocations(section.calls, section.call_count, section, library.l_addr, redirection);
    redirect_relocations(section.data, section.data_count, section, library.l_addr, redirection);
  }
}

}  // namespace

CaptureScope::CaptureScope() { ++capture_depth; }
CaptureScope::~CaptureScope() {
  if (--capture_depth == 0 && held_mutex != nullptr) unlock_in_capture(held_mutex);
}
bool CaptureScope::active() { return capture_depth > 0; }

void redirect_imports(const link_map& library, ModuleList& modules) {
  known_modules = &modules;
  const DynamicSection section(library);
  if (section.symbols == nullptr || section.names == nullptr) return;
  const Redirection redirections[] = {
      redirection("dl_iterate_phdr", iterate_modules),
      redirection("pipe2", open_no_pipe),
      redirection("read", read_nothing),
      redirection("write", write_nothing),
      redirection("syscall", call_nothing),
      redirection("close", close_nothing),
      redirection("mincore", all_is_resident),
      redirection("sigprocmask", keep_signals),
  };
  const Redirection redirections_of_mutexes[] = {
      redirection("pthread_mutex_lock", lock_for_capture),
      redirection("pthread_mutex_unlock", unlock_in_capture),
  };
  redirect(library, section, redirections);
  if (find_mutex_functions(library)) redirect(library, section, redirections_of_mutexes);
}

}  // namespace fencepost::stack
