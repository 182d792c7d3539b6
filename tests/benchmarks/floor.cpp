#include "floor.h"

#include <sys/mman.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include "raw_memory.h"
#include "rows.h"

namespace fencepost::benchmarks {

namespace {

using benchmark::State;

constexpr int kReadWrite = PROT_READ | PROT_WRITE;

/// Skips the row if there was an error.
bool failed(State& state, std::error_code error, const char* what) {
  if (!error) return false;
  const std::string reason = std::string(what) + ": " + error.message();
  state.SkipWithError(reason.c_str());
  return true;
}

std::size_t bytes_for(const State& state) { return (static_cast<std::size_t>(state.max_iterations) + 1) * kSlot; }

/// Times `body(i)`, which returns an error_code, until the first error.
template <typename Body>
void time_until_error(State& state, const char* what, Body body) {
  std::error_code error;
  time_each(state, [&](std::size_t i) {
    if (!error) error = body(i);
  });
  failed(state, error, what);
}

std::error_code map_and_unmap() {
  void* const mapped = mmap(nullptr, kSlot, kReadWrite, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return {errno, std::generic_category()};
  char* const page = static_cast<char*>(mapped);
  const auto error = protect(page + kPage, PROT_NONE);
  if (!error) touch(page);
  munmap(mapped, kSlot);
  return error;
}

/// Electric Fence's way: a mapping for each object.
void naive(State& state) {
  time_until_error(state, "mmap, mprotect", [](std::size_t) { return map_and_unmap(); });
}

/// One reservation; each live object takes two mappings out of it.
void mprotect_churn(State& state) {
  const Reservation arena(bytes_for(state), PROT_NONE);
  if (failed(state, arena.error(), "mmap")) return;
  time_until_error(state, "mprotect", [&](std::size_t i) {
    char* const page = arena.slot(i);
    if (const auto error = protect(page, kReadWrite)) return error;
    touch(page);
    if (const auto error = protect(page, PROT_NONE)) return error;
    return discard(page);
  });
}

/// Page table markers, behind each object and then in its place.
void guard_churn(State& state) {
  const Reservation arena(bytes_for(state), kReadWrite);
  if (failed(state, arena.error(), "mmap")) return;
  time_until_error(state, "MADV_GUARD_INSTALL (Linux 6.13)", [&](std::size_t i) {
    char* const page = arena.slot(i);
    if (const auto error = install_guard(page + kPage)) return error;
    touch(page);
    return install_guard(page);
  });
}

void guard_grow(State& state) {
  const Reservation arena(bytes_for(state), kReadWrite);
  if (failed(state, arena.error(), "mmap")) return;
  time_until_error(state, "MADV_GUARD_INSTALL (Linux 6.13)", [&](std::size_t i) {
    char* const page = arena.slot(i);
    const auto error = install_guard(page + kPage);
    touch(page);
    return error;
  });
}

/// Memory in which pages that are not there fault.
struct MovingArena {
  explicit MovingArena(std::size_t bytes) : arena(bytes, kReadWrite), userfault(arena) {}

  Reservation arena;
  Userfault userfault;
};

bool unusable(State& state, const MovingArena& moving) {
  return failed(state, moving.arena.error(), "mmap") ||
         failed(state, moving.userfault.error(), "userfaultfd with UFFDIO_MOVE (Linux 6.8)");
}

/// Objects from `first` to `first + objects`, one after the other in the same page, which moves on at each
/// release.
std::error_code churn_by_moving(const MovingArena& moving, std::size_t first, std::size_t objects) {
  std::error_code error = moving.userfault.populate(moving.arena.slot(first));
  for (std::size_t i = first; i < first + objects && !error; ++i) {
    char* const page = moving.arena.slot(i);
    touch(page);
    error = moving.userfault.move(page + kSlot, page);
  }
  return error;
}

void page_move_churn(State& state) {
  const MovingArena moving(bytes_for(state));
  if (unusable(state, moving) || failed(state, moving.userfault.populate(moving.arena.slot(0)), "UFFDIO_COPY")) return;
  time_until_error(state, "UFFDIO_MOVE", [&](std::size_t i) {
    char* const page = moving.arena.slot(i);
    touch(page);
    return moving.userfault.move(page + kSlot, page);
  });
}

void page_move_grow(State& state) {
  const MovingArena moving(bytes_for(state));
  if (unusable(state, moving)) return;
  time_until_error(state, "UFFDIO_COPY", [&](std::size_t i) {
    char* const page = moving.arena.slot(i);
    const auto error = moving.userfault.populate(page);
    if (!error) touch(page);
    return error;
  });
}

/// Times `body(first object, objects)` on two threads with a half of the arena each.
template <typename Body>
void time_halves(State& state, const char* what, Body body) {
  const auto objects = static_cast<std::size_t>(state.max_iterations);
  std::array<std::error_code, 2> errors;
  time_on_two_threads(state, [&](std::size_t thread) { errors[thread] = body(thread * (objects + 1), objects); });
  if (!failed(state, errors[0], what)) failed(state, errors[1], what);
}

/// Two threads that fence their own objects one by one: each interrupts the other's processor.
void x2_now(State& state) {
  const MovingArena moving(2 * bytes_for(state));
  if (unusable(state, moving)) return;
  time_halves(state, "UFFDIO_MOVE",
              [&](std::size_t first, std::size_t objects) { return churn_by_moving(moving, first, objects); });
}

std::error_code churn_in_batches(const MovingArena& moving, const Discarder& discarder, std::size_t first,
                                 std::size_t objects) {
  std::array<char*, Discarder::kMost> dead;
  std::size_t count = 0;
  for (std::size_t i = first; i < first + objects; ++i) {
    char* const page = moving.arena.slot(i);
    if (const auto error = moving.userfault.populate(page)) return error;
    touch(page);
    dead[count++] = page;
    if (count < dead.size()) continue;
    if (const auto error = discarder.discard(dead)) return error;
    count = 0;
  }
  return discarder.discard({dead.data(), count});
}

/// Two threads that fence their objects 64 at a time.
void x2_batch(State& state) {
  const MovingArena moving(2 * bytes_for(state));
  const Discarder discarder;
  if (unusable(state, moving) || failed(state, discarder.error(), "pidfd_open")) return;
  time_halves(state, "process_madvise", [&](std::size_t first, std::size_t objects) {
    return churn_in_batches(moving, discarder, first, objects);
  });
}

}  // namespace

void register_floor_rows(std::size_t objects) {
  register_row("floor/naive", objects, naive);
  register_row("floor/mprotect", objects, mprotect_churn);
  register_row("floor/guard", objects, guard_churn);
  register_row("floor/guard_grow", objects, guard_grow);
  register_row("floor/page_move", objects, page_move_churn);
  register_row("floor/page_move_grow", objects, page_move_grow);
  register_row("floor/x2_now", objects, x2_now);
  register_row("floor/x2_batch", objects, x2_batch);
}

}  // namespace fencepost::benchmarks
