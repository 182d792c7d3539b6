struct Pair {
  long first;
  long second;
};

static volatile long sink;

static void use(volatile struct Pair *pair) { sink = pair->second; }

int main(void) {
  use(0);
  return 0;
}
