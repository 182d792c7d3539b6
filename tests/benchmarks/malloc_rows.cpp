#include "malloc_rows.h"

#include <cstdlib>
#include <initializer_list>
#include <string>
#include <vector>

#include "ring.h"
#include "rows.h"

namespace fencepost::benchmarks {

namespace {

using benchmark::State;

constexpr std::size_t kSmall = 32;

/// The memory is written, and the compiler can't tell that nobody reads it.
char* allocate(std::size_t size) {
  auto* const block = static_cast<char*>(std::malloc(size));
  if (block == nullptr) std::abort();
  *static_cast<volatile char*>(block) = 1;
  return block;
}

void allocate_and_free(std::size_t size) { std::free(allocate(size)); }

std::size_t objects_of(const State& state) { return static_cast<std::size_t>(state.max_iterations); }

void churn(State& state, std::size_t size) {
  time_each(state, [size](std::size_t) { allocate_and_free(size); });
}

void grow(State& state) {
  std::vector<char*> blocks(objects_of(state));
  time_each(state, [&](std::size_t i) { blocks[i] = allocate(kSmall); });
  for (char* const block : blocks) std::free(block);
}

void free_all(State& state) {
  std::vector<char*> blocks(objects_of(state));
  for (char*& block : blocks) block = allocate(kSmall);
  time_each(state, [&](std::size_t i) { std::free(blocks[i]); });
}

char* reallocate(char* block, std::size_t size) {
  auto* const larger = static_cast<char*>(std::realloc(block, size));
  if (larger == nullptr) std::abort();
  static_cast<volatile char*>(larger)[size - 1] = 1;
  return larger;
}

/// 16 bytes, 32, 64, … 64 KiB, and from the start; an operation is one call.
void realloc_doubling(State& state) {
  constexpr std::size_t kFirst = 16, kLast = 65536;
  char* block = allocate(kFirst);
  std::size_t size = kFirst;
  time_each(state, [&](std::size_t) {
    size = size == kLast ? kFirst : 2 * size;
    block = reallocate(block, size);
  });
  std::free(block);
}

/// One byte more with each call, 256 times, and from the start; `first` bytes at first.
void realloc_by_one(State& state, std::size_t first) {
  constexpr std::size_t kSteps = 256;
  char* block = allocate(first);
  time_each(state, [&](std::size_t i) { block = reallocate(block, first + (i + 1) % kSteps); });
  std::free(block);
}

void churn_on_two_threads(State& state) {
  time_on_two_threads(state, [objects = objects_of(state)](std::size_t) {
    for (std::size_t i = 0; i < objects; ++i) allocate_and_free(kSmall);
  });
}

/// One thread allocates, the other frees.
void free_across_threads(State& state) {
  Ring ring;
  time_on_two_threads(state, [&ring, objects = objects_of(state)](std::size_t thread) {
    for (std::size_t i = 0; i < objects; ++i) {
      if (thread == 0) {
        ring.push(allocate(kSmall));
      } else {
        std::free(ring.pop());
      }
    }
  });
}

/// Calls itself until `frames` of it are on the stack. What comes after the call keeps it from being a jump.
[[gnu::noinline]] void churn_below(std::size_t frames) {
  if (frames <= 1) {
    allocate_and_free(kSmall);
  } else {
    churn_below(frames - 1);
  }
  benchmark::ClobberMemory();
}

void churn_deep(State& state, std::size_t frames) {
  time_each(state, [frames](std::size_t) { churn_below(frames); });
}

/// Registers one row per value, named after it.
template <typename Row>
void register_series(const std::string& name, std::size_t objects, std::initializer_list<std::size_t> values, Row row) {
  for (const std::size_t value : values) {
    register_row(name + "/" + std::to_string(value), objects, [row, value](State& state) { row(state, value); });
  }
}

}  // namespace

void register_malloc_rows(std::size_t objects) {
  register_row("malloc/churn", objects, [](State& state) { churn(state, kSmall); });
  register_row("malloc/grow", objects, grow);
  register_row("malloc/free_all", objects, free_all);
  register_row("malloc/x2_churn", objects, churn_on_two_threads);
  register_row("malloc/x2_cross_free", objects, free_across_threads);
  register_row("malloc/realloc_doubling", objects, realloc_doubling);
  register_series("malloc/realloc_by_one", objects, {16, 65280}, realloc_by_one);
  register_series("malloc/churn_size", objects, {16, 64, 256, 1024, 4096, 16384, 65536}, churn);
  register_series("malloc/churn_depth", objects, {1, 8, 24}, churn_deep);
}

}  // namespace fencepost::benchmarks
