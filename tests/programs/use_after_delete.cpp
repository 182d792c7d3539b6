#include <string>

extern "C" char use(const std::string *text) { return (*text)[0]; }

int main() {
  auto *text = new std::string("a text too long for the object itself");
  delete text;
  return use(text);
}
