#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int use(char *first, char *second) {
  int ends[2];
  struct iovec pieces[] = {{first, 16}, {second, 16}};
  struct mmsghdr message = {.msg_hdr = {.msg_iov = pieces, .msg_iovlen = 2}};
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return 0;
  for (int i = 0; i < 2; ++i) write(ends[1], "sixteen bytes...", 16);
  return recvmmsg(ends[0], &message, 1, 0, NULL) == 1 ? message.msg_len : 0;
}

int main(void) {
  char *first = malloc(16), *second = malloc(16);
  free(second);
  return use(first, second) == 16 ? 0 : 1;
}
