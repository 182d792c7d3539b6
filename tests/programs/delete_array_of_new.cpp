extern "C" void release(char *byte) { delete[] byte; }

int main() {
  release(new char);
  return 0;
}
