#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static char *use(char *block) { return getcwd(block, 4096); }

int main(void) { return chdir("/proc/self/fd") == 0 && use(malloc(4)) == NULL && errno == EFAULT ? 0 : 1; }
