/* every_manner <manner> clean|error|leave: does to its own process what the manner says, then allocates blocks of many
   sizes, uses them, runs a thread and says "fine"; or overruns a block; or says "fine" at once. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "check.h"

enum { kNobody = 65534 };

static const char *manner;

static int is(const char *name) { return strcmp(manner, name) == 0; }

static void fill(char *block, size_t size) {
  CHECK(block != NULL);
  memset(block, 1, size);
  CHECK(block[0] == 1 && block[size - 1] == 1);
}

static void allocate(void) {
  char *kept[100] = {NULL};
  for (int i = 0; i < 1000; ++i) {
    const size_t size = 1 + (size_t)i * 37 % 30000;
    free(kept[i % 100]);
    kept[i % 100] = malloc(size);
    fill(kept[i % 100], size);
  }
  for (int i = 0; i < 100; ++i) free(kept[i]);
  char *large = malloc(1000000);
  fill(large, 1000000);
  large = realloc(large, 3000000);
  fill(large, 3000000);
  free(large);
}

/* So little that libc's own allocator has it at hand. */
static void allocate_a_little(void) {
  char *block = malloc(1000);
  fill(block, 1000);
  block = realloc(block, 2000);
  fill(block, 2000);
  free(block);
}

static void *run_thread(void *unused) {
  allocate();
  return NULL;
}

static void be_clean(void) {
  pthread_t thread;
  allocate();
  if (!is("one process") && strncmp(manner, "filter", 6) != 0) {
    CHECK(pthread_create(&thread, NULL, run_thread, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
  }
  if (!is("closed") && write(STDOUT_FILENO, "fine\n", 5) != 5) _exit(1);
}

static void overrun(char *block) { block[16] = 1; }

/* The end of a child becomes that of this process. */
static void end_as(int status) {
  if (WIFSIGNALED(status)) {
    signal(WTERMSIG(status), SIG_DFL);
    kill(getpid(), WTERMSIG(status));
  }
  _exit(WEXITSTATUS(status));
}

static void wait_for_child(void) {
  int status = 0;
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) return;
  CHECK(waitpid(child, &status, 0) == child);
  end_as(status);
}

/* As a debugger does: passes every signal on but the stop that it waited for. */
static void trace_child(void) {
  int status = 0;
  const pid_t child = fork();
  if (child == 0) {
    CHECK(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0);
    raise(SIGSTOP);
    return;
  }
  while (waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
    const int signal = WSTOPSIG(status) == SIGSTOP ? 0 : WSTOPSIG(status);
    CHECK(ptrace(PTRACE_CONT, child, NULL, (void *)(long)signal) == 0);
  }
  end_as(status);
}

/* The trick by which programs find out that somebody traces them. */
static void trace_child_that_asks_twice(void) {
  trace_child();
  CHECK(ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0);
}

static void set_limit(int resource, rlim_t value) {
  const struct rlimit limit = {value, value};
  CHECK(setrlimit(resource, &limit) == 0);
}

static void change_root(void) {
  char directory[] = "/tmp/every_manner.XXXXXX";
  CHECK(mkdtemp(directory) != NULL && chdir(directory) == 0 && rmdir(directory) == 0);
  CHECK(chroot(".") == 0 && access("/proc", F_OK) != 0);
}

static void drop_privileges(void) {
  CHECK(setgroups(0, NULL) == 0 && setgid(kNobody) == 0 && setuid(kNobody) == 0 && getuid() == kNobody);
}

/* A container may refuse it; then it is left, with Fencepost or without. */
static void leave(int what) {
  if (unshare(what) != 0 && write(STDOUT_FILENO, "refused\n", 8) != 8) _exit(1);
}

static void block_all(sigset_t *all) {
  sigfillset(all);
  CHECK(pthread_sigmask(SIG_SETMASK, all, NULL) == 0);
}

static void wait_for_signal(void) {
  sigset_t all;
  int got = 0;
  block_all(&all);
  kill(getpid(), SIGUSR1);
  CHECK(sigwait(&all, &got) == 0 && got == SIGUSR1);
}

static void read_signal(void) {
  sigset_t all;
  struct signalfd_siginfo got;
  block_all(&all);
  const int signals = signalfd(-1, &all, SFD_CLOEXEC);
  kill(getpid(), SIGTERM);
  CHECK(read(signals, &got, sizeof got) == sizeof got && got.ssi_signo == SIGTERM);
}

#define ANSWER(number, answer) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), BPF_STMT(BPF_RET | BPF_K, answer)

/* What libc's own allocator needs for none of these blocks. */
static void filter_calls(unsigned answer, int by_prctl) {
  struct sock_filter filter[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
                                 ANSWER(SYS_ioctl, answer),
                                 ANSWER(SYS_madvise, answer),
                                 ANSWER(SYS_process_madvise, answer),
                                 ANSWER(SYS_mprotect, answer),
                                 BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
  CHECK((by_prctl ? prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)
                  : syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program)) == 0);
}

/* exit_group is not among the calls that are left. */
static void say_fine_and_leave(void) { syscall(SYS_exit, write(STDOUT_FILENO, "fine\n", 5) == 5 ? 0 : 1); }

static void behave(void) {
  sigset_t all;
  if (is("setuid")) drop_privileges();
  if (is("chroot")) change_root();
  if (is("chroot, setuid")) {
    change_root();
    drop_privileges();
  }
  if (is("user namespace")) leave(CLONE_NEWUSER);
  if (is("mount namespace")) leave(CLONE_NEWNS);
  if (is("pid namespace")) leave(CLONE_NEWPID);
  if (is("user, mount and pid namespace")) leave(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID);
  if (strstr(manner, "pid namespace") != NULL) wait_for_child();
  if (is("not dumpable")) CHECK(prctl(PR_SET_DUMPABLE, 0) == 0);
  if (is("traced")) trace_child();
  if (is("traced, and asks to be")) trace_child_that_asks_twice();
  if (is("no descriptors")) set_limit(RLIMIT_NOFILE, 0);
  if (is("3 descriptors")) set_limit(RLIMIT_NOFILE, 3);
  if (is("1 GiB of address space")) set_limit(RLIMIT_AS, 1 << 30);
  if (is("small stack")) set_limit(RLIMIT_STACK, 64 << 10);
  if (is("no core")) set_limit(RLIMIT_CORE, 0);
  if (is("no file size")) set_limit(RLIMIT_FSIZE, 0);
  if (is("64 MiB of data")) set_limit(RLIMIT_DATA, 64 << 20);
  if (is("one process")) set_limit(RLIMIT_NPROC, 1);
  if (is("closed")) closefrom(0);
  if (is("closed by number")) {
    for (int i = 0; i < 4096; ++i) {
      if (i != STDOUT_FILENO) close(i);
    }
  }
  if (is("all signals blocked")) block_all(&all);
  if (is("sigwait")) wait_for_signal();
  if (is("signalfd")) read_signal();
  if (is("filter that kills")) filter_calls(SECCOMP_RET_KILL_PROCESS, 1);
  if (is("filter by seccomp that traps")) filter_calls(SECCOMP_RET_TRAP, 0);
  if (is("strict")) CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == 0);
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  manner = arguments[1];
  char *const before = malloc(100);
  fill(before, 100);
  behave();
  free(before);
  if (strcmp(arguments[2], "leave") == 0) {
    allocate_a_little();
    say_fine_and_leave();
  }
  if (strcmp(arguments[2], "error") == 0) overrun(malloc(16));
  be_clean();
  return 0;
}
