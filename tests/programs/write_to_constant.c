static const char text[] = "constant";

static void use(volatile char *pointer) { *pointer = 'C'; }

int main(void) {
  use((char *)text);
  return 0;
}
