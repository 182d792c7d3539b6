static void call(void (*function)(void)) { function(); }

int main(void) {
  call(0);
  return 0;
}
