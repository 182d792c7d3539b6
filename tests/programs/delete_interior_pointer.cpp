extern "C" void release(char *block) { delete[] (block + 8); }

int main() {
  release(new char[48]);
  return 0;
}
