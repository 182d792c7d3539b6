/* every_broken_stack <what> <value> <where>: overwrites what the walk of a stack begins with, and overruns a block, on
   the main thread or on another one. */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char *what, *value_name;
static char *block;

static int is(const char *name, const char *expected) { return strcmp(name, expected) == 0; }

static void make_block(void) { block = malloc(16); }

/* The saved frame pointer and the return address of a frame. */
static void overwrite(void **frame, void *value) { frame[0] = frame[1] = value; }

static void overrun_in_frame(void *value) {
  overwrite(__builtin_frame_address(0), value);
  block[16] = 1;
}

static void overrun_below_frame(void *value) {
  overwrite(*(void **)__builtin_frame_address(0), value);
  block[16] = 1;
}

/* A frame that is its own caller. */
static void overrun_in_loop(void) {
  void **const frame = __builtin_frame_address(0);
  frame[0] = frame;
  frame[1] = &&access;
access:
  block[16] = 1;
}

static void overrun_without_frame_pointer(void *value) {
#if defined(__x86_64__)
  __asm__ volatile("mov %0, %%rbp\n\tmovb $1, 16(%1)" : : "r"(value), "r"(block) : "memory");
#else
  overrun_in_frame(value);
#endif
}

static void overrun_without_stack_pointer(void *value) {
#if defined(__x86_64__)
  __asm__ volatile("mov %0, %%rsp\n\tmovb $1, 16(%1)" : : "r"(value), "r"(block) : "memory");
#else
  overrun_in_frame(value);
#endif
}

static void *run(void *unused) {
  void *garbage[64];
  memset(garbage, 0x41, sizeof garbage);
  void *value = NULL;
  make_block();
  if (is(value_name, "non_canonical")) value = garbage[0];
  if (is(value_name, "unmapped")) value = (void *)(uintptr_t)0x123456789000;
  if (is(value_name, "fenced")) value = block + 16;
  if (is(value_name, "garbage")) value = garbage + 8;
  if (is(what, "frame")) overrun_in_frame(value);
  if (is(what, "caller")) overrun_below_frame(value);
  if (is(what, "loop")) overrun_in_loop();
  if (is(what, "frame_pointer")) overrun_without_frame_pointer(value);
  if (is(what, "stack_pointer")) overrun_without_stack_pointer(value);
  return NULL;
}

int main(int count, char **arguments) {
  pthread_t thread;
  if (count != 4) return 2;
  what = arguments[1];
  value_name = arguments[2];
  if (is(arguments[3], "main")) run(NULL);
  if (is(arguments[3], "thread")) {
    pthread_create(&thread, NULL, run, NULL);
    pthread_join(thread, NULL);
  }
  return 0;
}
