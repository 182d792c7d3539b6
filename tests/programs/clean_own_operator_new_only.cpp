#include <cstdlib>
#include <new>
#include <string>

static int news = 0;

/* The default operator delete calls free, which fits in every C library. */
void *operator new(std::size_t size) {
  ++news;
  return malloc(size);
}

int main() {
  { std::string text(100, 'x'); }
  delete new int;
  delete[] new int[10];
  delete new (std::nothrow) int;
  return news == 4 ? 0 : 1;
}
