#include <cstdlib>
#include <new>

#define HIDDEN __attribute__((visibility("hidden")))

HIDDEN void *operator new(std::size_t size) { return malloc(size); }
HIDDEN void operator delete(void *block) noexcept { free(block); }
HIDDEN void operator delete(void *block, std::size_t) noexcept { free(block); }

extern "C" int *plugin_make() { return new int; }
extern "C" void plugin_destroy(int *number) { delete number; }
