#include <stdlib.h>

char *plugin_make(size_t size) { return malloc(size); }

void plugin_release(char *block) { free(block); }
