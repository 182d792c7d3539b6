#include <vector>

extern "C" int use(const int &element) { return element; }

int main() {
  std::vector<int> table(4);
  const int &first = table[0];
  table.push_back(1);
  return use(first);
}
