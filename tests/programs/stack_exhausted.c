static volatile int depth;

static int recurse(volatile char *outer) {
  volatile char frame[1000];
  frame[0] = outer[0];
  ++depth;
  return recurse(frame) + frame[0];
}

int main(void) {
  char first = 0;
  return recurse(&first);
}
