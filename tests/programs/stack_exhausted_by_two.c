static int even(int number);

static int odd(int number) {
  volatile char frame[100];
  frame[0] = (char)number;
  return even(number + 1) + frame[0];
}

static int even(int number) {
  volatile char frame[100];
  frame[0] = (char)number;
  return odd(number + 1) + frame[0];
}

int main(void) { return even(0); }
