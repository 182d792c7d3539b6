#include <dlfcn.h>
#include <stdlib.h>

int main(void) {
  void *plugin = dlopen("libplugin_overrun.so", RTLD_NOW | RTLD_LOCAL);
  if (plugin == NULL) return 1;
  void (*run)(char *) = (void (*)(char *))dlsym(plugin, "plugin_overrun");
  run(malloc(16));
  return 0;
}
