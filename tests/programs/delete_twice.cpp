extern "C" void first_delete(int *number) { delete number; }

extern "C" void second_delete(int *number) { delete number; }

int main() {
  int *number = new int;
  first_delete(number);
  second_delete(number);
  return 0;
}
