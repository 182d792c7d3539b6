/* every_bad_buffer <what> <how>: one call, named by <what>, with memory behind a fence: of a freed block, or past the
   last two bytes of a live one. It must fail with EFAULT or stop there. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* Streams hand only large transfers to the kernel as they are. */
enum { kSize = 256, kStreamSize = 100000, kShort = 16, kLeft = 2 };

static char bytes[kSize];
static socklen_t length;

static int zeros(void) { return open("/dev/zero", O_RDONLY); }

static int file(void) {
  const int descriptor = memfd_create("file", 0);
  return ftruncate(descriptor, kSize) == 0 ? descriptor : -1;
}

static int pipe_end(int end) {
  int ends[2];
  return pipe(ends) == 0 ? ends[end] : -1;
}

/* One end of a connection, with a message from the other. */
static int connection(int type) {
  int ends[2];
  return socketpair(AF_UNIX, type, 0, ends) == 0 && write(ends[1], bytes, kSize) == kSize ? ends[0] : -1;
}

static int stream(void) { return connection(SOCK_STREAM); }

/* The kernel gives it an address, which is longer than kLeft. */
static int named_socket(int type) {
  const sa_family_t family = AF_UNIX;
  const int descriptor = socket(AF_UNIX, type, 0);
  return bind(descriptor, (const struct sockaddr *)&family, sizeof family) == 0 ? descriptor : -1;
}

static void connect_to(int from, int to) {
  struct sockaddr_storage name;
  socklen_t size = sizeof name;
  getsockname(to, (struct sockaddr *)&name, &size);
  connect(from, (const struct sockaddr *)&name, size);
}

static int listener_with_caller(void) {
  const int listener = named_socket(SOCK_STREAM);
  listen(listener, 1);
  connect_to(named_socket(SOCK_STREAM), listener);
  return listener;
}

static int receiver_with_message(void) {
  const int receiver = named_socket(SOCK_DGRAM);
  const int sender = named_socket(SOCK_DGRAM);
  connect_to(sender, receiver);
  return write(sender, bytes, 1) == 1 ? receiver : -1;
}

static struct iovec *pieces(void *at) {
  static struct iovec pieces[2];
  pieces[0] = (struct iovec){bytes, 1};
  pieces[1] = (struct iovec){at, kSize};
  return pieces;
}

/* One piece: a message that begins in good memory may be taken for a short one. */
static struct mmsghdr *message(void *at) {
  static struct mmsghdr message;
  message.msg_hdr = (struct msghdr){.msg_iov = pieces(at) + 1, .msg_iovlen = 1};
  return &message;
}

static int epoll_with_event(void) {
  struct epoll_event event = {.events = EPOLLOUT};
  const int epoll = epoll_create1(0);
  return epoll_ctl(epoll, EPOLL_CTL_ADD, pipe_end(1), &event) == 0 ? epoll : -1;
}

static int terminal(void) { return posix_openpt(O_RDWR | O_NOCTTY); }

static FILE *readable(void) { return fopen("/dev/zero", "r"); }
static FILE *writable(void) { return fdopen(file(), "w"); }

/* ACT(<what>, <the call>), by the order of record/system_call.h; `at` is the bad memory. */
#define ALL(ACT)                                                                                            \
  ACT(read, read(zeros(), at, kSize))                                                                       \
  ACT(write, write(file(), at, kSize))                                                                      \
  ACT(pread, pread(file(), at, kSize, 0))                                                                   \
  ACT(pwrite, pwrite(file(), at, kSize, 0))                                                                 \
  ACT(readv, readv(zeros(), pieces(at), 2))                                                                 \
  ACT(readv_pieces, readv(zeros(), at, 2))                                                                  \
  ACT(writev, writev(file(), pieces(at), 2))                                                                \
  ACT(preadv, preadv(file(), pieces(at), 2, 0))                                                             \
  ACT(pwritev, pwritev(file(), pieces(at), 2, 0))                                                           \
  ACT(preadv2, preadv2(file(), pieces(at), 2, 0, 0))                                                        \
  ACT(pwritev2, pwritev2(file(), pieces(at), 2, 0, 0))                                                      \
  ACT(send, send(stream(), at, kSize, 0))                                                                   \
  ACT(sendto, sendto(stream(), at, kSize, 0, NULL, 0))                                                      \
  ACT(sendto_address, sendto(named_socket(SOCK_DGRAM), bytes, 1, 0, at, 100))                               \
  ACT(sendmsg, sendmsg(stream(), &message(at)->msg_hdr, 0))                                                 \
  ACT(sendmsg_header, sendmsg(stream(), at, 0))                                                             \
  ACT(sendmmsg, sendmmsg(stream(), message(at), 1, 0))                                                      \
  ACT(sendmmsg_headers, sendmmsg(stream(), at, 1, 0))                                                       \
  ACT(recv, recv(stream(), at, kSize, 0))                                                                   \
  ACT(recvfrom, recvfrom(stream(), at, kSize, 0, NULL, NULL))                                               \
  ACT(recvfrom_address, recvfrom(receiver_with_message(), bytes, 1, 0, at, (length = 100, &length)))        \
  ACT(recvfrom_length, recvfrom(receiver_with_message(), bytes, 1, 0, (struct sockaddr *)bytes, at))        \
  ACT(recvmsg, recvmsg(stream(), &message(at)->msg_hdr, 0))                                                 \
  ACT(recvmsg_header, recvmsg(stream(), at, 0))                                                             \
  ACT(recvmmsg, recvmmsg(stream(), message(at), 1, 0, NULL))                                                \
  ACT(recvmmsg_headers, recvmmsg(stream(), at, 1, 0, NULL))                                                 \
  ACT(recvmmsg_timeout, recvmmsg(stream(), message(bytes), 1, 0, at))                                       \
  ACT(connect, connect(named_socket(SOCK_STREAM), at, 100))                                                 \
  ACT(bind, bind(socket(AF_UNIX, SOCK_STREAM, 0), at, 100))                                                 \
  ACT(accept, accept(listener_with_caller(), at, (length = 100, &length)))                                  \
  ACT(accept_length, accept(listener_with_caller(), (struct sockaddr *)bytes, at))                          \
  ACT(accept4, accept4(listener_with_caller(), at, (length = 100, &length), 0))                             \
  ACT(getsockname, getsockname(named_socket(SOCK_STREAM), at, (length = 100, &length)))                     \
  ACT(getsockname_length, getsockname(named_socket(SOCK_STREAM), (struct sockaddr *)bytes, at))             \
  ACT(getpeername, getpeername(accept(listener_with_caller(), NULL, NULL), at, (length = 100, &length)))    \
  ACT(getsockopt, getsockopt(stream(), SOL_SOCKET, SO_TYPE, at, (length = sizeof(int), &length)))           \
  ACT(getsockopt_length, getsockopt(stream(), SOL_SOCKET, SO_TYPE, bytes, at))                              \
  ACT(setsockopt, setsockopt(stream(), SOL_SOCKET, SO_REUSEADDR, at, sizeof(int)))                          \
  ACT(poll, poll(at, 8, 0))                                                                                 \
  ACT(ppoll, ppoll(at, 8, &(struct timespec){0}, NULL))                                                     \
  ACT(ppoll_mask, ppoll(NULL, 0, &(struct timespec){0}, at))                                                \
  ACT(select, select(64, at, NULL, NULL, &(struct timeval){0}))                                             \
  ACT(select_out, select(64, NULL, at, NULL, &(struct timeval){0}))                                         \
  ACT(select_other, select(64, NULL, NULL, at, &(struct timeval){0}))                                       \
  ACT(pselect, pselect(64, at, NULL, NULL, &(struct timespec){0}, NULL))                                    \
  ACT(pselect_out, pselect(64, NULL, at, NULL, &(struct timespec){0}, NULL))                                \
  ACT(pselect_other, pselect(64, NULL, NULL, at, &(struct timespec){0}, NULL))                              \
  ACT(pselect_mask, pselect(0, NULL, NULL, NULL, &(struct timespec){0}, at))                                \
  ACT(epoll_ctl, epoll_ctl(epoll_create1(0), EPOLL_CTL_ADD, pipe_end(1), at))                               \
  ACT(epoll_wait, epoll_wait(epoll_with_event(), at, 1, 0))                                                 \
  ACT(epoll_pwait, epoll_pwait(epoll_with_event(), at, 1, 0, NULL))                                         \
  ACT(epoll_pwait_mask, epoll_pwait(epoll_with_event(), (struct epoll_event *)bytes, 1, 0, at))             \
  ACT(epoll_pwait2, epoll_pwait2(epoll_with_event(), at, 1, &(struct timespec){0}, NULL))                   \
  ACT(epoll_pwait2_timeout, epoll_pwait2(epoll_with_event(), (struct epoll_event *)bytes, 1, at, NULL))     \
  ACT(nanosleep, nanosleep(at, NULL))                                                                       \
  ACT(clock_nanosleep, (errno = clock_nanosleep(CLOCK_MONOTONIC, 0, at, NULL)))                             \
  ACT(stat, stat("/", at))                                                                                  \
  ACT(stat_path, stat(at, (struct stat *)bytes))                                                            \
  ACT(lstat, lstat("/", at))                                                                                \
  ACT(lstat_path, lstat(at, (struct stat *)bytes))                                                          \
  ACT(fstat, fstat(file(), at))                                                                             \
  ACT(fstatat, fstatat(AT_FDCWD, "/", at, 0))                                                               \
  ACT(fstatat_path, fstatat(AT_FDCWD, at, (struct stat *)bytes, 0))                                         \
  ACT(statx, statx(AT_FDCWD, "/", 0, STATX_SIZE, at))                                                       \
  ACT(statx_path, statx(AT_FDCWD, at, 0, STATX_SIZE, (struct statx *)bytes))                                \
  ACT(readlink, readlink("/proc/self/exe", at, kSize))                                                      \
  ACT(readlink_path, readlink(at, bytes, kSize))                                                            \
  ACT(readlinkat, readlinkat(AT_FDCWD, "/proc/self/exe", at, kSize))                                        \
  ACT(readlinkat_path, readlinkat(AT_FDCWD, at, bytes, kSize))                                              \
  ACT(getcwd, chdir("/proc") == 0 ? (long)getcwd(at, kSize) : 0)                                            \
  ACT(getdents64, getdents64(open("/proc", O_RDONLY), at, kSize))                                           \
  ACT(getrandom, getrandom(at, kSize, 0))                                                                   \
  ACT(getentropy, getentropy(at, kSize))                                                                    \
  ACT(ioctl_waiting, ioctl(pipe_end(0), FIONREAD, at))                                                      \
  ACT(ioctl_window, ioctl(terminal(), TIOCGWINSZ, at))                                                      \
  ACT(ioctl_terminal, ioctl(terminal(), TCGETS, at))                                                        \
  ACT(ioctl_nonblocking, ioctl(pipe_end(0), FIONBIO, at))                                                   \
  ACT(fread, fread(at, 1, kStreamSize, readable()))                                                         \
  ACT(fwrite, fwrite(at, 1, kStreamSize, writable()))                                                       \
  ACT(fread_unlocked, fread_unlocked(at, 1, kStreamSize, readable()))                                       \
  ACT(fwrite_unlocked, fwrite_unlocked(at, 1, kStreamSize, writable()))

#define DEFINE(what, call) \
  static long use_##what(void *at) { return (long)(call); }
#define NAME(what, call) {#what, use_##what},

ALL(DEFINE)

static const struct {
  const char *what;
  long (*use)(void *);
} uses[] = {ALL(NAME)};

static char *memory(const char *how) {
  const int is_freed = strcmp(how, "freed") == 0;
  char *const block = memset(malloc(is_freed ? kSize : kShort), 'x', is_freed ? kSize : kShort);
  if (!is_freed) return block + kShort - kLeft;
  free(block);
  return block;
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  for (size_t i = 0; i < sizeof uses / sizeof *uses; ++i) {
    if (strcmp(uses[i].what, arguments[1]) != 0) continue;
    char *const at = memory(arguments[2]);
    errno = 0;
    const long result = uses[i].use(at);
    return errno == EFAULT || (result > 0 && result <= kLeft + 1) ? 0 : 1;
  }
  return 2;
}
