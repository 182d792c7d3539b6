#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static int use(char *first, char *second) {
  int ends[2];
  struct iovec pieces[] = {{first, 16}, {second, 20}};
  struct mmsghdr messages[2];
  memset(messages, 0, sizeof messages);
  for (int i = 0; i < 2; ++i) messages[i].msg_hdr = (struct msghdr){.msg_iov = &pieces[i], .msg_iovlen = 1};
  return socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0 ? sendmmsg(ends[1], messages, 2, 0) : 0;
}

int main(void) {
  char *first = memset(malloc(16), 'x', 16);
  return use(first, memset(malloc(16), 'y', 16)) == 1 ? 0 : 1;
}
