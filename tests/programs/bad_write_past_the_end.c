#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static long use(const char *block) { return write(memfd_create("file", 0), block, 40); }

int main(void) { return use(memset(malloc(32), 'x', 32)) == 32 ? 0 : 1; }
