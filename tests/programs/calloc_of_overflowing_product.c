#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

static volatile size_t count = SIZE_MAX / 16 + 2;

static void *ask(void) { return calloc(count, 16); }

int main(void) { return ask() != NULL || errno != ENOMEM; }
