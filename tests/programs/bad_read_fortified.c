#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/types.h>

ssize_t __read_chk(int descriptor, void *buffer, size_t size, size_t room);

static long use(char *block) { return __read_chk(open("/dev/zero", O_RDONLY), block + 16, 4, 4); }

int main(void) { return use(malloc(16)) == -1 && errno == EFAULT ? 0 : 1; }
