#include <dlfcn.h>
#include <string.h>

#include "check.h"

/* The C library frees the last message of dlerror by its own rules. */
int main(void) {
  for (int i = 0; i < 10; ++i) {
    CHECK(dlopen("libthere_is_no_such_library.so", RTLD_NOW) == NULL);
    CHECK(strstr(dlerror(), "libthere_is_no_such_library.so") != NULL);
    CHECK(dlerror() == NULL);
    CHECK(dlsym(RTLD_DEFAULT, "there_is_no_such_symbol") == NULL && dlerror() != NULL);
  }
  return 0;
}
