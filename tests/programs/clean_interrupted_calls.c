#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include "check.h"

static void nothing(int signal) { (void)signal; }

#define IS_INTERRUPTED(call)  \
  do {                        \
    errno = 0;                \
    CHECK((call) == -1);      \
    CHECK(errno == EINTR);    \
  } while (0)

/* A timer that comes again and again interrupts whatever waits. */
int main(void) {
  int ends[2];
  char *block = malloc(16);
  const struct itimerval often = {{0, 1000}, {0, 1000}};
  const struct timespec long_time = {1000, 0};
  struct timespec left = {0, 0};
  struct sigaction action = {.sa_handler = nothing};
  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  CHECK(sigaction(SIGALRM, &action, NULL) == 0);
  CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
  struct pollfd file = {ends[0], POLLIN, 0};
  IS_INTERRUPTED(read(ends[0], block, 16));
  IS_INTERRUPTED(recv(ends[0], block, 16, 0));
  IS_INTERRUPTED(poll(&file, 1, -1));
  IS_INTERRUPTED(select(0, NULL, NULL, NULL, NULL));
  IS_INTERRUPTED(nanosleep(&long_time, &left));
  CHECK(left.tv_sec >= 900);
  CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &long_time, &left) == EINTR);
  return 0;
}
