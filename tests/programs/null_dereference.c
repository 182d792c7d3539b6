static void use(volatile int *pointer) { *pointer = 1; }

int main(void) {
  use(0);
  return 0;
}
