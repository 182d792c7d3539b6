#include <dlfcn.h>

#include <string>

#include "check.h"

/* The plugin has the C++ runtime linked into it, hidden, and is stripped. */
int main() {
  void *plugin = dlopen("libplugin_own_runtime.so", RTLD_NOW | RTLD_LOCAL);
  CHECK(plugin != nullptr);
  const auto make = reinterpret_cast<std::string *(*)()>(dlsym(plugin, "plugin_make"));
  const auto destroy = reinterpret_cast<void (*)(std::string *)>(dlsym(plugin, "plugin_destroy"));
  for (int i = 0; i < 3; ++i) {
    delete make();
    destroy(new std::string(100, 'y'));
    destroy(make());
  }
  return 0;
}
