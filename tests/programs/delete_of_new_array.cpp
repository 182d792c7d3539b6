extern "C" void release(char *bytes) { delete bytes; }

int main() {
  release(new char[48]);
  return 0;
}
