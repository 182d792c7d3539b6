// With on_error=continue: every kind of error that a program survives, one after the other.
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <new>
#include <thread>

namespace {

volatile char sink;

char *freed(size_t size) {
  char *block = static_cast<char *>(malloc(size));
  free(block);
  return block;
}

[[gnu::noinline]] char *hide(char *pointer) {
  asm volatile("" : "+r"(pointer));
  return pointer;
}

// At the instruction.

[[gnu::noinline]] void read_past_the_end() {
  char *block = static_cast<char *>(malloc(16));
  sink = hide(block)[16];
  free(block);
}

[[gnu::noinline]] void write_past_the_end() {
  char *block = static_cast<char *>(malloc(5000));
  for (int i = 0; i < 3; ++i) hide(block)[5008 + i] = 1;
  free(block);
}

[[gnu::noinline]] void write_before_the_start() {
  char *block = static_cast<char *>(malloc(4096));
  hide(block)[-1] = 1;
  free(block);
}

[[gnu::noinline]] void read_freed() { sink = hide(freed(48))[5]; }

[[gnu::noinline]] void write_freed_large() { hide(freed(3000000))[1000000] = 1; }

[[gnu::noinline]] void write_freed_on_thread() {
  char *block = freed(100000);
  std::thread([block] { hide(block)[3] = 1; }).join();
}

[[gnu::noinline]] void copy_between_freed() {
  const char *from = hide(freed(64));
  char *to = hide(freed(200));
#if defined(__x86_64__)
  asm volatile("movsq" : "+S"(from), "+D"(to) : : "memory");
#endif
}

[[gnu::noinline]] void fill_across_the_end() {
  char *block = static_cast<char *>(malloc(64));
  memset(hide(block), 1, 64 + 100);
  free(block);
}

// At the call.

[[gnu::noinline]] void free_twice() { free(hide(freed(24))); }

[[gnu::noinline]] void free_inside() {
  char *block = static_cast<char *>(malloc(40));
  free(hide(block) + 16);
  free(block);
}

[[gnu::noinline]] void free_stack() {
  char local[16];
  free(hide(local));
}

[[gnu::noinline]] void free_new() { free(hide(static_cast<char *>(operator new(8)))); }

[[gnu::noinline]] void delete_with_size() { operator delete(hide(static_cast<char *>(operator new(24))), 32); }

[[gnu::noinline]] void resize_freed() {
  if (realloc(hide(freed(24)), 100) != nullptr) abort();
}

[[gnu::noinline]] void ask_size_of_freed() {
  if (malloc_usable_size(hide(freed(24))) != 0) abort();
}

[[gnu::noinline]] void write_slack() {
  char *block = static_cast<char *>(malloc(17));
  hide(block)[17] = 1;
  free(block);
}

[[gnu::noinline]] void read_file_past_the_end() {
  char *block = static_cast<char *>(malloc(16));
  const int zeros = open("/dev/zero", O_RDONLY);
  if (read(zeros, hide(block), 32) != 16) abort();
  close(zeros);
  free(block);
}

[[gnu::noinline]] void ask_for_too_much() {
  volatile size_t half = ~size_t{0} / 2 + 2;
  if (calloc(half, 2) != nullptr) abort();
}

[[gnu::noinline]] void ask_for_bad_alignment() {
  volatile size_t alignment = 24;
  free(aligned_alloc(alignment, 100));
}

[[gnu::noinline]] void write_slack_for_good() {
  static char *block;
  block = static_cast<char *>(malloc(13));
  hide(block)[13] = 1;
}

}  // namespace

int main() {
  read_past_the_end();
  write_past_the_end();
  write_before_the_start();
  read_freed();
  write_freed_large();
  write_freed_on_thread();
  copy_between_freed();
  fill_across_the_end();
  free_twice();
  free_inside();
  free_stack();
  free_new();
  delete_with_size();
  resize_freed();
  ask_size_of_freed();
  write_slack();
  read_file_past_the_end();
  ask_for_too_much();
  ask_for_bad_alignment();
  write_slack_for_good();
  if (write(STDOUT_FILENO, "done\n", 5) != 5) return 1;
  return 0;
}
