#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "resident.h"

enum { kRounds = 100 };

static void round_trip(void) {
  void *plugin = dlopen("libplugin_blocks.so", RTLD_NOW | RTLD_LOCAL);
  CHECK(plugin != NULL);
  char *(*make)(size_t) = (char *(*)(size_t))dlsym(plugin, "plugin_make");
  void (*release)(char *) = (void (*)(char *))dlsym(plugin, "plugin_release");
  release(memset(make(100), 1, 100));
  free(make(20));
  CHECK(dlclose(plugin) == 0);
  CHECK(dlopen("libplugin_blocks.so", RTLD_NOW | RTLD_NOLOAD) == NULL);
}

/* The loader makes some dozens of blocks in each round. */
int main(void) {
  for (int i = 0; i < 10; ++i) round_trip();
  const long before = resident_bytes();
  for (int i = 0; i < kRounds; ++i) round_trip();
  const long growth = resident_bytes() - before;
  printf("grew by %ld bytes\n", growth);
  fflush(stdout);
  CHECK(growth <= 1L * kRounds * 100 * kBytesOfDeadSlot + (1 << 20));
  return 0;
}
