/* every_error_in_cpp <kind> <access> <where>: one error of the kind that is named, on the main thread, on another thread
   or in a forked child, whose end becomes this program's. */
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <new>

static const char *kind, *access_name;
static volatile char sink;

static int is(const char *name, const char *expected) { return strcmp(name, expected) == 0; }

/* The one access; inlined, so that it is the caller's. */
#define TOUCH(address)                           \
  do {                                           \
    volatile char *const at = (char *)(address); \
    if (is(access_name, "write")) {              \
      *at = 1;                                   \
    } else {                                     \
      sink = *at;                                \
    }                                            \
  } while (0)

/* Named in reports as they are here. */
extern "C" {

static void heap_buffer_overflow() {
  char *const block = new char[48];
  TOUCH(block + 48);
}

static void heap_buffer_underflow() {
  char *const block = new char[4096];
  TOUCH(block - 1);
}

static void use_after_free() {
  char *const block = new char[48];
  delete[] block;
  TOUCH(block + 5);
}

static void double_free() {
  char *const block = new char[48];
  delete[] block;
  delete[] block;
}

static void invalid_free() {
  char *const block = new char[48];
  delete[] (block + 16);
}

static void mismatched_deallocation() { free(new char[48]); }

static void mismatched_size() { operator delete(operator new(48), 47); }

static void slack_after() {
  char *const block = new char[13];
  TOUCH(block + 13);
  delete[] block;
}

static void slack_before() {
  char *const block = new char[13];
  TOUCH(block - 1);
  delete[] block;
}

static void bad_syscall_buffer() {
  char *const block = new char[32];
  int ends[2];
  if (is(access_name, "write")) {
    if (read(open("/dev/zero", O_RDONLY), block, 48) != 32) _exit(1);
  } else {
    if (pipe(ends) != 0 || write(ends[1], block, 48) == 48) _exit(1);
  }
}

static void allocation_size_overflow() {
  volatile size_t size = -42;
  if (operator new(size, std::nothrow) != nullptr) _exit(1);
}

static void invalid_alignment() {
  volatile size_t alignment = 24;
  if (operator new(100, std::align_val_t(alignment), std::nothrow) != nullptr) _exit(1);
}

static char *lowest;

static int recurse(volatile char *outer) {
  volatile char frame[16000];
  frame[0] = outer[0];
  if (frame - lowest > 24000) return recurse(frame) + frame[0];
  TOUCH(lowest - 8);
  return 0;
}

static void stack_overflow() {
  pthread_attr_t attributes;
  size_t size;
  char first = 0;
  pthread_getattr_np(pthread_self(), &attributes);
  pthread_attr_getstack(&attributes, reinterpret_cast<void **>(&lowest), &size);
  recurse(&first);
}

static void wild_access() { TOUCH(uintptr_t{0x123456789000}); }

static void *run(void *unused) {
  if (is(kind, "heap-buffer-overflow")) heap_buffer_overflow();
  if (is(kind, "heap-buffer-underflow")) heap_buffer_underflow();
  if (is(kind, "use-after-free")) use_after_free();
  if (is(kind, "double-free")) double_free();
  if (is(kind, "invalid-free")) invalid_free();
  if (is(kind, "mismatched-deallocation")) mismatched_deallocation();
  if (is(kind, "mismatched-size")) mismatched_size();
  if (is(kind, "slack-overwritten")) slack_after();
  if (is(kind, "slack-overwritten before")) slack_before();
  if (is(kind, "bad-syscall-buffer")) bad_syscall_buffer();
  if (is(kind, "allocation-size-overflow")) allocation_size_overflow();
  if (is(kind, "invalid-alignment")) invalid_alignment();
  if (is(kind, "stack-overflow")) stack_overflow();
  if (is(kind, "wild-access")) wild_access();
  return nullptr;
}

static int run_in_child() {
  int status = 0;
  const pid_t child = fork();
  if (child == 0) {
    run(nullptr);
    exit(0);
  }
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}
}

int main(int count, char **arguments) {
  pthread_t thread;
  if (count != 4) return 2;
  kind = arguments[1];
  access_name = arguments[2];
  if (is(arguments[3], "child")) return run_in_child();
  if (is(arguments[3], "main")) run(nullptr);
  if (is(arguments[3], "thread")) {
    pthread_create(&thread, nullptr, run, nullptr);
    pthread_join(thread, nullptr);
  }
  return 0;
}
