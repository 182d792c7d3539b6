#include <dlfcn.h>
#include <stdlib.h>

static volatile char sink;

/* Both traces go through a module that is no longer there. */
int main(void) {
  void *plugin = dlopen("libplugin_release.so", RTLD_NOW | RTLD_LOCAL);
  if (plugin == NULL) return 1;
  char *(*make_and_release)(void) = (char *(*)(void))dlsym(plugin, "plugin_make_and_release");
  char *block = make_and_release();
  dlclose(plugin);
  sink = block[2];
  return 0;
}
