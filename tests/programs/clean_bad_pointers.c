#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "check.h"

#define FAILS_WITH(error, call)                          \
  do {                                                   \
    errno = 0;                                           \
    CHECK((long)(call) == -1);                           \
    CHECK(errno == (error));                             \
  } while (0)

/* EFAULT on purpose, as test suites and runtimes do: none of these is a block. */
static void pointers_that_are_no_blocks(void *bad) {
  const int zeros = open("/dev/zero", O_RDWR);
  struct iovec piece = {bad, 8};
  int ends[2];
  struct stat status;
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  CHECK(send(ends[0], "x", 1, 0) == 1);
  FAILS_WITH(EFAULT, read(zeros, bad, 8));
  FAILS_WITH(EFAULT, write(ends[0], bad, 8));
  FAILS_WITH(EFAULT, readv(zeros, &piece, 1));
  FAILS_WITH(EFAULT, readv(zeros, bad, 1));
  FAILS_WITH(EFAULT, recv(ends[1], bad, 8, MSG_PEEK));
  FAILS_WITH(EFAULT, sendmsg(ends[0], bad, 0));
  FAILS_WITH(EFAULT, getsockname(ends[0], bad, bad));
  FAILS_WITH(EFAULT, stat(bad, &status));
  FAILS_WITH(EFAULT, stat("/", bad));
  FAILS_WITH(EFAULT, fstat(zeros, bad));
  FAILS_WITH(EFAULT, poll(bad, 1, 0));
  FAILS_WITH(EFAULT, readlink(bad, malloc(16), 16));
}

/* Other errors, with a block that would do. */
static void other_errors(char *block) {
  struct stat status;
  FAILS_WITH(EBADF, read(-1, block, 16));
  FAILS_WITH(EBADF, write(-1, block, 16));
  FAILS_WITH(ENOENT, stat("/nonexistent", &status));
  FAILS_WITH(EINVAL, readlink("/", block, 16));
  errno = 0;
  CHECK(getcwd(block, 1) == NULL && errno == ERANGE);
}

static void successes_keep_errno(char *block) {
  const int zeros = open("/dev/zero", O_RDWR);
  errno = EFAULT;
  CHECK(read(zeros, block, 16) == 16);
  CHECK(write(zeros, block, 16) == 16);
  FILE *stream = fopen("/dev/zero", "r");
  errno = EFAULT;
  CHECK(fread(block, 1, 16, stream) == 16);
  CHECK(errno == EFAULT);
}

/* A program's own protection of a live block is its own business. */
static void protected_by_the_program(void) {
  char *block = aligned_alloc(4096, 4096);
  CHECK(mprotect(block, 4096, PROT_NONE) == 0);
  FAILS_WITH(EFAULT, read(open("/dev/zero", O_RDONLY), block, 8));
  CHECK(mprotect(block, 4096, PROT_READ | PROT_WRITE) == 0);
  free(block);
}

int main(void) {
  pointers_that_are_no_blocks(NULL);
  pointers_that_are_no_blocks((void *)16);
  pointers_that_are_no_blocks(mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  other_errors(malloc(16));
  successes_keep_errno(malloc(16));
  protected_by_the_program();
  return 0;
}
