#include "stack/unwinder.h"

#define UNW_LOCAL_ONLY
#include <libunwind.h>
#include <ucontext.h>

#include <algorithm>

#include "os/attempt.h"
#include "os/fault_context.h"
#include "os/libraries.h"
#include "stack/frame_folder.h"
#include "stack/frame_pointers.h"
#include "stack/private_imports.h"
#include "stack/table_walk.h"

#define FENCEPOST_STRING_OF(name) #name
#define FENCEPOST_STRING(name) FENCEPOST_STRING_OF(name)

namespace fencepost::stack {

namespace {

/// Frames of ours above the program's call, at most.
constexpr Size kOwnFrames = 12;
constexpr Size kMaxFrames = 64 + kOwnFrames;

struct Functions {
  decltype(&unw_init_local2) init_local2 = nullptr;
  decltype(&unw_step) step = nullptr;
  decltype(&unw_get_reg) get_reg = nullptr;
  decltype(&unw_set_caching_policy) set_caching_policy = nullptr;
  unw_addr_space_t* local_addr_space = nullptr;
};

constinit Functions functions;

template <typename Pointer>
bool find(void* library, const char* name, Pointer& pointer) {
  pointer = reinterpret_cast<Pointer>(os::find_symbol(library, name));
  return pointer != nullptr;
}

bool find_functions(void* library) {
  return find(library, FENCEPOST_STRING(unw_init_local2), functions.init_local2) &&
         find(library, FENCEPOST_STRING(unw_step), functions.step) &&
         find(library, FENCEPOST_STRING(unw_get_reg), functions.get_reg) &&
         find(library, FENCEPOST_STRING(unw_set_caching_policy), functions.set_caching_policy) &&
         find(library, FENCEPOST_STRING(unw_local_addr_space), functions.local_addr_space);
}

/// Calls `take` with each frame until it returns false.
template <typename Take>
void walk_with_libunwind(const void* signal_context, Take take) {
  unw_cursor_t cursor;
  auto* context = static_cast<unw_context_t*>(const_cast<void*>(signal_context));
  static_cast<void>(os::attempt([&] {
    if (functions.init_local2(&cursor, context, UNW_INIT_SIGNAL_FRAME) < 0) return;
    do {
      unw_word_t pc = 0;
      if (functions.get_reg(&cursor, UNW_REG_IP, &pc) < 0 || pc == 0) return;
      if (!take(pc)) return;
    } while (functions.step(&cursor) > 0);
  }));
}

}  // namespace

bool capturing() { return CaptureScope::active(); }

bool Unwinder::load() {
  has_rules_ = modules_.reserve() && rules_.reserve();
  const bool loaded = has_rules_ && load_libunwind();
  ready_.store(true, std::memory_order_release);
  return loaded;
}

bool Unwinder::load_libunwind() {
  void* const library = os::open_library("libunwind.so.8");
  if (library == nullptr) return false;
  Backtrace backtrace = nullptr;
  if (!find_functions(library) || !find(library, "unw_backtrace", backtrace)) return false;
  redirect_imports(*static_cast<const link_map*>(library), modules_);
  {
    // Its first call sets it up: this is the moment when its locks are surely free. Without the global
    // cache it takes none later, and a forked child can't find one held.
    const CaptureScope scope;
    void* frames[4];
    backtrace(frames, 4);
    functions.set_caching_policy(*functions.local_addr_space, UNW_CACHE_NONE);
  }
  backtrace_.store(backtrace, std::memory_order_release);
  return true;
}

Unwinder::Captured Unwinder::capture(const Frame& caller, std::span<Address> frames, TraceMemo* memo) {
  if (frames.empty()) return {};
  const CaptureScope scope;
  Size count = 0;
  const bool whole = has_rules_ && os::attempt([&] { count = walk_tables(caller, rules_, memo, frames); });
  if (whole && count > 0) return {count, memo != nullptr};
  return {capture_with_libunwind(caller.pc, frames), false};
}

Size Unwinder::capture_with_libunwind(Address caller, std::span<Address> frames) {
  void* walked[kMaxFrames];
  int count = 0;
  if (const Backtrace backtrace = backtrace_.load(std::memory_order_acquire)) {
    const int wanted = static_cast<int>(std::min(frames.size() + kOwnFrames, kMaxFrames));
    if (!os::attempt([&] { count = backtrace(walked, wanted); })) count = 0;
  } else {
    count = static_cast<int>(walk_own_frame_pointers(walked));
  }
  void** const end = walked + std::max(count, 0);
  void** const first = std::find(walked, end, reinterpret_cast<void*>(caller));
  if (first == end) {
    frames[0] = caller;
    return 1;
  }
  const Size kept = std::min(static_cast<Size>(end - first), frames.size());
  std::transform(first, first + kept, frames.begin(), [](void* pc) { return reinterpret_cast<Address>(pc); });
  return kept;
}

void Unwinder::forget_unloaded() {
  if (modules_.forget_unloaded()) rules_.clear();
}

Size Unwinder::walk(const void* signal_context, std::span<Address> frames) {
  if (frames.empty()) return 0;
  const CaptureScope scope;
  ucontext_t caller = *static_cast<const ucontext_t*>(signal_context);
  if (frames.size() > 1 && os::step_out_of_nowhere(caller)) {
    // A call to an address without code: it only pushed where it came from.
    frames[0] = os::program_counter(signal_context);
    return 1 + walk_from(&caller, frames.subspan(1));
  }
  return walk_from(signal_context, frames);
}

Size Unwinder::walk_from(const void* signal_context, std::span<Address> frames) {
  Size count = 0;
  const auto take = [&](Address pc) {
    frames[count++] = pc;
    return count < frames.size();
  };
  if (has_libunwind()) walk_with_libunwind(signal_context, take);
  if (count >= 2) return count;
  count = 0;
  walk_frame_pointers(signal_context, take);
  return count;
}

void Unwinder::walk(const void* signal_context, record::FoldedTrace& trace) {
  const CaptureScope scope;
  if (has_libunwind()) {
    FrameFolder folder(trace);
    walk_with_libunwind(signal_context, [&](Address pc) { return folder.add(pc); });
    if (folder.count() >= 2) return folder.finish();
    trace = {};
  }
  FrameFolder folder(trace);
  walk_frame_pointers(signal_context, [&](Address pc) { return folder.add(pc); });
  folder.finish();
}

}  // namespace fencepost::stack
