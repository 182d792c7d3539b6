/* How a clean program says that something is not as it should be. */
#pragma once

#include <stdio.h>
#include <unistd.h>

/* Leaves at once, without destructors: in a thread, a handler or a child too. */
#define CHECK(condition)                                                          \
  do {                                                                            \
    if (!(condition)) {                                                           \
      dprintf(2, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);        \
      _exit(1);                                                                   \
    }                                                                             \
  } while (0)
