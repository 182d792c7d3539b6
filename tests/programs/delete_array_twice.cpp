extern "C" void delete_twice(int *table) {
  delete[] table;
  delete[] table;
}

int main() {
  delete_twice(new int[100]);
  return 0;
}
