#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static long use(char *block) { return read(open("/dev/zero", O_RDONLY), block, 32); }

int main(void) { return use(malloc(16)) == 16 ? 0 : 1; }
