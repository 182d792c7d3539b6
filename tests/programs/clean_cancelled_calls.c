#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>

#include "check.h"

static int ends[2], cleaned;
static volatile pid_t waiter;

static void clean_up(void *block) {
  free(block);
  ++cleaned;
}

static void waits_in(int call, char *block) {
  struct iovec piece = {block, 16};
  struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
  struct pollfd file = {ends[0], POLLIN, 0};
  struct timespec long_time = {1000, 0};
  struct epoll_event event;
  fd_set set;
  FD_ZERO(&set);
  FD_SET(ends[0], &set);
  switch (call) {
    case 0: read(ends[0], block, 16); break;
    case 1: readv(ends[0], &piece, 1); break;
    case 2: recv(ends[0], block, 16, 0); break;
    case 3: recvfrom(ends[0], block, 16, 0, NULL, NULL); break;
    case 4: recvmsg(ends[0], &message, 0); break;
    case 5: poll(&file, 1, -1); break;
    case 6: ppoll(&file, 1, NULL, NULL); break;
    case 7: select(ends[0] + 1, &set, NULL, NULL, NULL); break;
    case 8: pselect(ends[0] + 1, &set, NULL, NULL, NULL, NULL); break;
    case 9: epoll_wait(epoll_create1(0), &event, 1, -1); break;
    case 10: nanosleep(&long_time, NULL); break;
    case 11: clock_nanosleep(CLOCK_MONOTONIC, 0, &long_time, NULL); break;
  }
}

static void *wait_until_cancelled(void *call) {
  char *block = malloc(16);
  pthread_cleanup_push(clean_up, block);
  waiter = (pid_t)syscall(SYS_gettid);
  waits_in((int)(long)call, block);
  pthread_cleanup_pop(0);
  return NULL;
}

/* 'S' for one that waits in a call. */
static char state_of(pid_t thread) {
  char path[64], text[256] = "";
  snprintf(path, sizeof path, "/proc/self/task/%d/stat", thread);
  FILE *file = fopen(path, "r");
  fread(text, 1, sizeof text - 1, file);
  fclose(file);
  return strrchr(text, ')')[2];
}

int main(void) {
  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  for (long call = 0; call < 12; ++call) {
    pthread_t thread;
    void *result;
    waiter = 0;
    CHECK(pthread_create(&thread, NULL, wait_until_cancelled, (void *)call) == 0);
    while (waiter == 0 || state_of(waiter) != 'S') sched_yield();
    CHECK(pthread_cancel(thread) == 0);
    CHECK(pthread_join(thread, &result) == 0);
    CHECK(result == PTHREAD_CANCELED);
    CHECK(cleaned == call + 1);
  }
  return 0;
}
