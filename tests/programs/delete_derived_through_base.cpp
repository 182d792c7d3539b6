struct Base {
  int number;
};
struct Derived : Base {
  int more[11];
};

extern "C" void release(Base *base) { delete base; }

int main() {
  release(new Derived);
  return 0;
}
