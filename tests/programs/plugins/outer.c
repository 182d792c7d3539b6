#include <dlfcn.h>
#include <stddef.h>

int plugin_sum_of_inner(void) {
  void *inner = dlopen("libplugin_inner.so", RTLD_NOW | RTLD_LOCAL);
  if (inner == NULL) return -1;
  int (*number)(void) = (int (*)(void))dlsym(inner, "plugin_number");
  const int result = number();
  dlclose(inner);
  return result;
}
