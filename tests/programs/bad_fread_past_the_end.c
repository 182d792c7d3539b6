#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static size_t use(char *block) { return fread(block, 1, 100000, fopen("/dev/zero", "r")); }

int main(void) { return use(malloc(16)) == 16 && errno == EFAULT ? 0 : 1; }
