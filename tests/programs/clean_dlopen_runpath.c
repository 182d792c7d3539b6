#include <dlfcn.h>

#include "check.h"

/* The outer plugin finds the inner one by its own RUNPATH, which this program does not have. */
int main(void) {
  CHECK(dlopen("libplugin_inner.so", RTLD_NOW) == NULL);
  void *outer = dlopen("libplugin_outer.so", RTLD_NOW | RTLD_LOCAL);
  CHECK(outer != NULL);
  int (*sum)(void) = (int (*)(void))dlsym(outer, "plugin_sum_of_inner");
  CHECK(sum() == 42);
  CHECK(dlclose(outer) == 0);
  return 0;
}
