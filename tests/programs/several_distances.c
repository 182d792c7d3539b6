/* With on_error=continue: a read and a write at each of 13 distances around blocks of each of 13 sizes. Tells on standard
   error, between the reports, what it does next; a distance is counted from the end of the block, a negative one from
   its start. The errors are at one line, but each has a trace of its own, so that each is reported. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { kSizes = 13, kDistances = 13, kTargets = 2 * kDistances, kAround = 2, kBlocks = kTargets * (2 * kAround + 1) };

static const size_t sizes[kSizes] = {0, 1, 7, 8, 13, 16, 24, 40, 4095, 4096, 4097, 65536, 1000001};
static const long distances[kDistances] = {-4097, -17, -16, -1, 0, 1, 7, 8, 15, 16, 4095, 4096, 8191};

static char *blocks[kSizes][kBlocks];
static volatile char sink;

static void read_byte(char *at) { sink = *at; }
static void write_byte(char *at) { *at = 1; }
static void release(char *block) { free(block); }

/* Calls `act` by a way that nobody else takes: two call sites for each bit of `way`. */
static void by_way(unsigned way, int bits, void (*act)(char *), char *at) {
  if (bits == 0) {
    act(at);
  } else if (way & 1) {
    by_way(way >> 1, bits - 1, act, at);
  } else {
    by_way(way >> 1, bits - 1, act, at);
  }
}

/* Not dprintf, which allocates a buffer among the blocks. */
static void say(const char *format, ...) {
  char line[100];
  va_list arguments;
  va_start(arguments, format);
  const int size = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (write(STDERR_FILENO, line, size) != size) _exit(1);
}

static void allocate(void) {
  for (int size = 0; size < kSizes; ++size) {
    for (int i = 0; i < kBlocks; ++i) {
      blocks[size][i] = malloc(sizes[size]);
      say("BLOCK %zu %p\n", sizes[size], blocks[size][i]);
    }
  }
}

static void access_around(int size, int target) {
  char *const block = blocks[size][target * (2 * kAround + 1) + kAround];
  const long distance = distances[target / 2];
  char *const at = distance < 0 ? block + distance : block + sizes[size] + distance;
  say("%s %zu %ld %p\n", target % 2 == 0 ? "READ" : "WRITE", sizes[size], distance, block);
  by_way(size * kTargets + target, 9, target % 2 == 0 ? read_byte : write_byte, at);
}

static void release_all(void) {
  for (int size = 0; size < kSizes; ++size) {
    for (int i = 0; i < kBlocks; ++i) {
      say("FREE %zu %p\n", sizes[size], blocks[size][i]);
      by_way(size * kBlocks + i, 11, release, blocks[size][i]);
    }
  }
}

int main(void) {
  allocate();
  for (int size = 0; size < kSizes; ++size) {
    for (int target = 0; target < kTargets; ++target) access_around(size, target);
  }
  release_all();
  return 0;
}
