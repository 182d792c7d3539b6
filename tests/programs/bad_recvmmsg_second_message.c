#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int use(char *first, char *second) {
  int ends[2];
  struct iovec pieces[] = {{first, 16}, {second, 16}};
  struct mmsghdr messages[2];
  memset(messages, 0, sizeof messages);
  for (int i = 0; i < 2; ++i) messages[i].msg_hdr = (struct msghdr){.msg_iov = &pieces[i], .msg_iovlen = 1};
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) != 0) return 0;
  for (int i = 0; i < 2; ++i) write(ends[1], "some bytes", 10);
  return recvmmsg(ends[0], messages, 2, 0, NULL);
}

int main(void) {
  char *first = malloc(16), *second = malloc(16);
  free(second);
  return use(first, second) == 1 ? 0 : 1;
}
