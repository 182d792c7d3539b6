#include <memory>
#include <stdexcept>
#include <string>

#include "check.h"

static int depth_reached = 0;

static int dive(int depth) {
  const auto kept = std::make_unique<std::string>(100, 'x');
  depth_reached = depth;
  if (depth == 50) throw std::runtime_error(std::string(200, 'y'));
  return dive(depth + 1) + static_cast<int>(kept->size());
}

int main() {
  for (int i = 0; i < 200; ++i) {
    try {
      dive(0);
      CHECK(false);
    } catch (const std::exception &error) {
      CHECK(depth_reached == 50 && error.what()[199] == 'y');
    }
  }
  return 0;
}
