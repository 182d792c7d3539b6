#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

static int use(socklen_t *length) {
  int ends[2];
  char name[64];
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  return getpeername(ends[0], (struct sockaddr *)name, length);
}

int main(void) {
  socklen_t *length = malloc(sizeof *length);
  free(length);
  return use(length) == -1 && errno == EFAULT ? 0 : 1;
}
