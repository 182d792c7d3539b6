// fencepost_scale: what allocations cost and leave behind when there are many of them, under whichever
// malloc.
//
//   fencepost_scale churn LIVE CHECKPOINT...   frees the oldest of LIVE blocks and allocates one, up to the
//   last
//                                              checkpoint. At each: operations, ns per operation of the last
//                                              tenth before it, RSS, page tables (KiB), mappings
//   fencepost_scale live N                     N blocks alive: RSS, page tables (KiB) and mappings that they
//   added fencepost_scale dead N                     the same for N blocks alive; all dead but each 128th;
//   all dead
//
// Blocks have 32 bytes. The program itself allocates nothing else, and takes its memory before it measures.
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { block_size = 32, pin_every = 128 };

struct usage {
  long rss, page_tables, mappings;
};

static void fail(const char* what) {
  dprintf(2, "fencepost_scale: %s\n", what);
  exit(2);
}

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static char* allocate(void) {
  char* const block = malloc(block_size);
  if (block == NULL) fail("malloc failed");
  *(volatile char*)block = 1;
  return block;
}

// Pages that are there from the start, so that they are in every measurement.
static char** take_pointers(size_t count) {
  void* const p = mmap(NULL, count * sizeof(char*), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (p == MAP_FAILED) fail("mmap failed");
  return p;
}

static long status_field(const char* name) {
  static char text[4096];
  const int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  const ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  if (length <= 0) fail("/proc/self/status can't be read");
  text[length] = '\0';
  const char* const at = strstr(text, name);
  return at == NULL ? 0 : atol(at + strlen(name));
}

static long count_mappings(void) {
  static char text[65536];
  const int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  long lines = 0;
  for (ssize_t length; (length = read(file, text, sizeof text)) > 0;) {
    for (ssize_t i = 0; i < length; ++i) lines += text[i] == '\n';
  }
  close(file);
  return lines;
}

static struct usage measure(void) {
  return (struct usage){status_field("VmRSS:"), status_field("VmPTE:"), count_mappings()};
}

static void print_growth(const char* what, size_t blocks, struct usage from, struct usage to) {
  printf("%s %zu %ld %ld %ld\n", what, blocks, to.rss - from.rss, to.page_tables - from.page_tables,
         to.mappings - from.mappings);
}

static void churn_once(char** blocks, size_t live, size_t i) {
  free(blocks[i % live]);
  blocks[i % live] = allocate();
}

static void churn(size_t live, size_t checkpoints, char** arguments) {
  char** const blocks = take_pointers(live);
  size_t done = 0;
  for (size_t c = 0; c < checkpoints; ++c) {
    const size_t end = strtoull(arguments[c], NULL, 10);
    const size_t timed_from = end - (end - done < end / 10 ? end - done : end / 10);
    while (done < timed_from) churn_once(blocks, live, done++);
    const long long start = now();
    while (done < end) churn_once(blocks, live, done++);
    const double spent = (double)(now() - start);
    const struct usage used = measure();
    printf("churn %zu %.1f %ld %ld %ld\n", end, spent / (double)(end > timed_from ? end - timed_from : 1),
           used.rss, used.page_tables, used.mappings);
    fflush(stdout);
  }
}

static void stay_alive(size_t count) {
  char** const blocks = take_pointers(count);
  const struct usage before = measure();
  for (size_t i = 0; i < count; ++i) blocks[i] = allocate();
  print_growth("live", count, before, measure());
}

static void die(size_t count) {
  char** const blocks = take_pointers(count);
  const struct usage before = measure();
  for (size_t i = 0; i < count; ++i) blocks[i] = allocate();
  print_growth("live", count, before, measure());
  for (size_t i = 0; i < count; ++i) {
    if (i % pin_every != 0) free(blocks[i]);
  }
  print_growth("pinned", count, before, measure());
  for (size_t i = 0; i < count; i += pin_every) free(blocks[i]);
  print_growth("dead", count, before, measure());
}

int main(int argc, char** argv) {
  static char output[4096];
  setvbuf(stdout, output, _IOFBF, sizeof output);
  const size_t number = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
  if (number == 0) fail("usage: churn LIVE CHECKPOINT... | live N | dead N");
  free(allocate());
  if (strcmp(argv[1], "churn") == 0) {
    churn(number, (size_t)argc - 3, argv + 3);
  } else if (strcmp(argv[1], "live") == 0) {
    stay_alive(number);
  } else if (strcmp(argv[1], "dead") == 0) {
    die(number);
  }
  return 0;
}
