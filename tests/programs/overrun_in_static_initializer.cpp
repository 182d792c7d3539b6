#include <cstdlib>

extern "C" int overrun(char *block) { return block[16]; }

struct Early {
  Early() : value(overrun(static_cast<char *>(std::malloc(16)))) {}
  int value;
};

static Early early;

int main() { return early.value; }
