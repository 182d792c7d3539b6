extern "C" void release(char *block) { delete[] block; }

int main() {
  char *block = new char[13];
  block[14] = 1;
  release(block);
  return 0;
}
