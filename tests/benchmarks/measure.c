// measure REPORT [NAME=value]... PROGRAM [ARGUMENT]...
//
// Runs the program with the variables added to its environment and writes one line to REPORT: its wait
// status, user and system time in microseconds, the peak memory of its largest process in KiB, and the wall
// time in microseconds. Times and peak are those of the program and of all descendants that were waited for.
//
// It is a program of its own because the kernel counts the memory of whoever forked as the child's: that has
// to be small, and a Python interpreter is not.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long microseconds(struct timeval t) { return t.tv_sec * 1000000LL + t.tv_usec; }

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void become(char** words) {
  for (; *words != NULL && strchr(*words, '=') != NULL; ++words) putenv(*words);
  if (*words != NULL) execvp(*words, words);
  perror("measure: exec");
  _exit(127);
}

int main(int argc, char** argv) {
  FILE* const report = argc > 2 ? fopen(argv[1], "we") : NULL;
  if (report == NULL) {
    fputs("usage: measure REPORT [NAME=value]... PROGRAM [ARGUMENT]...\n", stderr);
    return 2;
  }
  const long long start = now();
  const pid_t child = fork();
  if (child == 0) become(argv + 2);
  int status;
  struct rusage used;
  if (child < 0 || wait4(child, &status, 0, &used) != child) return 2;
  fprintf(report, "%d %lld %lld %ld %lld\n", status, microseconds(used.ru_utime), microseconds(used.ru_stime),
          used.ru_maxrss, now() - start);
  return fclose(report) == 0 ? 0 : 2;
}
