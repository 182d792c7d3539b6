#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "check.h"

int main(void) {
  int files[20];
  free(malloc(100));
  for (int descriptor = 3; descriptor < 1024; ++descriptor) close(descriptor);
  for (int i = 0; i < 20; ++i) {
    files[i] = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    CHECK(files[i] == 3 + i);
  }
  for (int i = 0; i < 1000; ++i) free(memset(malloc(5000), 1, 5000));
  int status = 1;
  if (fork() == 0) {
    free(memset(malloc(100), 1, 100));
    exit(0);
  }
  CHECK(wait(&status) > 0 && status == 0);
  for (int i = 0; i < 20; ++i) {
    struct stat info;
    CHECK(fstat(files[i], &info) == 0 && info.st_size == 0 && lseek(files[i], 0, SEEK_CUR) == 0);
    CHECK(close(files[i]) == 0);
  }
  return 0;
}
