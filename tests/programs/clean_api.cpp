#include <fencepost/fencepost.h>
#include <fencepost/version.h>

#include <cstdio>
#include <cstdlib>

static_assert(FENCEPOST_VERSION_MAJOR >= 0 && FENCEPOST_VERSION_MINOR >= 0 && FENCEPOST_VERSION_PATCH >= 0);

/* Links and runs whether Fencepost is there or not. */
int main() {
  free(malloc(13));
  std::printf("active %d, found %d\n", fencepost_is_active(), fencepost_check_all());
  return 0;
}
