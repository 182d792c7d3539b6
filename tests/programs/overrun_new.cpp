extern "C" void overrun(long *number) { number[2] = 1; }

struct Pair {
  long first, second;
};

int main() {
  overrun(&(new Pair)->first);
  return 0;
}
