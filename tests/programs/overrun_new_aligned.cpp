struct alignas(128) Line {
  char bytes[128];
};

extern "C" void overrun(char *bytes) { bytes[128] = 1; }

int main() {
  overrun((new Line)->bytes);
  return 0;
}
