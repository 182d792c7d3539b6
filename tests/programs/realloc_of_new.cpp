#include <cstdlib>

extern "C" void *grow(char *bytes) { return realloc(bytes, 96); }

int main() {
  return grow(new char[48]) == nullptr;
}
