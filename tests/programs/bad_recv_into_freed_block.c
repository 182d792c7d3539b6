#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

static long use(char *block) {
  int ends[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  send(ends[0], "hello", 5, 0);
  return recv(ends[1], block + 3, 40, 0);
}

int main(void) {
  char *block = malloc(48);
  free(block);
  return use(block) == -1 && errno == EFAULT ? 0 : 1;
}
