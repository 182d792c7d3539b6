#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

int main(void) {
  void *plugin = dlopen("libplugin_blocks.so", RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
  CHECK(plugin != NULL);
  char *(*make)(size_t) = (char *(*)(size_t))dlsym(plugin, "plugin_make");
  void (*release)(char *) = (void (*)(char *))dlsym(plugin, "plugin_release");
  for (int i = 0; i < 100; ++i) {
    release(memset(malloc(100), 1, 100));
    char *block = memset(make(100), 1, 100);
    block = realloc(block, 200);
    free(block);
    release(realloc(make(50), 20));
  }
  CHECK(dlclose(plugin) == 0);
  return 0;
}
