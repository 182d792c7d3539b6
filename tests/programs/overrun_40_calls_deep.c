#include <stdlib.h>

static char *make(int depth) { return depth == 0 ? malloc(16) : make(depth - 1); }

static int overrun(char *block, int depth) { return depth == 0 ? block[16] : overrun(block, depth - 1) + 1; }

int main(void) { return overrun(make(40), 40); }
