#include <dlfcn.h>

#include "check.h"

/* A C program: the C++ runtime comes with the plugin, and is in nobody's global scope. */
int main(void) {
  void *plugin = dlopen("libplugin_bad_alloc.so", RTLD_NOW | RTLD_LOCAL);
  CHECK(plugin != NULL);
  int (*catches)(void) = (int (*)(void))dlsym(plugin, "plugin_catches_bad_alloc");
  CHECK(catches() == 5);
  dlclose(plugin);
  return 0;
}
