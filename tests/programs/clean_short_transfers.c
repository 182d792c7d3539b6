#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "check.h"

/* Everything that is shorter than it was asked for, with blocks as large as was asked for. */
int main(void) {
  char *block = malloc(4096), *two_pages = malloc(8192);
  int ends[2];
  const int file = memfd_create("file", 0);
  CHECK(write(file, memset(two_pages, 'x', 8192), 4096) == 4096);
  CHECK(pread(file, two_pages, 8192, 0) == 4096); /* ends at a page's end, in the block */
  CHECK(pread(file, block, 4096, 4000) == 96);
  CHECK(pread(file, block, 4096, 4096) == 0);
  CHECK(pread(file, block + 4096, 0, 0) == 0); /* nothing at its end */

  CHECK(pipe2(ends, O_NONBLOCK) == 0);
  CHECK(write(ends[1], block, 10) == 10);
  CHECK(read(ends[0], block, 4096) == 10);
  const long capacity = fcntl(ends[1], F_GETPIPE_SZ);
  char *much = memset(malloc(capacity + 4096), 'y', capacity + 4096);
  CHECK(write(ends[1], much, capacity + 4096) == capacity);

  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  CHECK(send(ends[0], block, 100, 0) == 100);
  struct iovec pieces[] = {{block, 60}, {two_pages, 8192}};
  CHECK(readv(ends[1], pieces, 2) == 100);
  CHECK(send(ends[0], block, 60, 0) == 60);
  struct msghdr message = {.msg_iov = pieces, .msg_iovlen = 2};
  CHECK(recvmsg(ends[1], &message, 0) == 60); /* exactly the first piece */

  FILE *stream = fdopen(file, "r");
  rewind(stream);
  CHECK(fread(two_pages, 1, 8192, stream) == 4096);
  CHECK(feof(stream));
  return 0;
}
