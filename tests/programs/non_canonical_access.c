static volatile char sink;

static void use(volatile char *pointer) { sink = *pointer; }

int main(void) {
  use((char *)0xdeadbeefdeadbeef);
  return 0;
}
