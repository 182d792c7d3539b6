#include <dlfcn.h>
#include <stdlib.h>

static void release(void *pointer) { free(pointer); }

int main(void) {
  void *plugin = dlopen("libplugin_table.so", RTLD_NOW | RTLD_LOCAL);
  if (plugin == NULL) return 1;
  void *(*member)(void) = (void *(*)(void))dlsym(plugin, "plugin_member_of_table");
  release(member());
  return 0;
}
