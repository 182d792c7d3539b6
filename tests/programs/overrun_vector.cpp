#include <vector>

extern "C" void overrun(std::vector<int> &table) { table[12] = 1; }

int main() {
  std::vector<int> table(12);
  overrun(table);
  return 0;
}
