/* Fewer messages than there is room for, each shorter than it says that its buffer is. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { kRoom = 8, kSent = 3 };

int main(void) {
  int ends[2];
  struct iovec pieces[kRoom];
  struct mmsghdr messages[kRoom];
  memset(messages, 0, sizeof messages);
  for (int i = 0; i < kRoom; ++i) {
    pieces[i] = (struct iovec){malloc(64), 65535};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &pieces[i], .msg_iovlen = 1};
  }
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) != 0) return 1;
  for (int i = 0; i < kSent; ++i) write(ends[1], "short", 5);
  printf("%d\n", recvmmsg(ends[0], messages, kRoom, MSG_DONTWAIT, NULL));
  return 0;
}
