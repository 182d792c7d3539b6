#include <errno.h>
#include <stdlib.h>
#include <sys/select.h>

static int use(void *set) { return select(64 + 1, NULL, set, NULL, NULL); }

int main(void) { return use(calloc(1, 8)) == -1 && errno == EFAULT ? 0 : 1; }
