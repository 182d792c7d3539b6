extern "C" void overrun(int *table) { table[12] = 1; }

int main() {
  overrun(new int[12]);
  return 0;
}
