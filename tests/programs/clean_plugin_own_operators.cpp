#include <dlfcn.h>

#include "check.h"

/* The plugin has hidden operators of its own, as if it were linked with a C++ runtime of its own. */
int main() {
  void *plugin = dlopen("libplugin_own_operators.so", RTLD_NOW | RTLD_LOCAL);
  CHECK(plugin != nullptr);
  const auto make = reinterpret_cast<int *(*)()>(dlsym(plugin, "plugin_make"));
  const auto destroy = reinterpret_cast<void (*)(int *)>(dlsym(plugin, "plugin_destroy"));
  for (int i = 0; i < 3; ++i) {
    delete make();
    destroy(new int);
    destroy(make());
  }
  return 0;
}
