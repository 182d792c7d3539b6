// A sandbox of the program's own: no ioctl, madvise, mprotect or userfaultfd any more.
#define _GNU_SOURCE
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REFUSE(number)                                       \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),         \
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1)

static int enter_sandbox(void) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      REFUSE(SYS_ioctl),
      REFUSE(SYS_madvise),
      REFUSE(SYS_process_madvise),
      REFUSE(SYS_mprotect),
      REFUSE(SYS_userfaultfd),
      REFUSE(SYS_mremap),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static int fill(char *block, size_t size) {
  if (block == NULL) return 0;
  memset(block, 1, size);
  return block[0] == 1 && block[size - 1] == 1;
}

int main(void) {
  char *before = malloc(100);
  char *kept[200];
  if (!fill(before, 100) || enter_sandbox() != 0) return 1;
  for (int i = 0; i < 5000; ++i) {
    const size_t size = 1 + (size_t)i * 7 % 9000;
    char *const block = malloc(size);
    if (!fill(block, size)) return 2;
    if (i >= 200) free(kept[i % 200]);
    kept[i % 200] = block;
  }
  char *large = malloc(2000000);
  large = realloc(large, 4000000);
  if (!fill(large, 4000000)) return 3;
  free(large);
  for (int i = 0; i < 200; ++i) free(kept[i]);
  free(before);
  return write(STDOUT_FILENO, "fine\n", 5) == 5 ? 0 : 4;
}
