struct Item {
  ~Item() {}
  int number;
};
struct Large : Item {
  int more[3];
};

/* The compiler counts in units of Item, and adds the cookie that holds the count. */
extern "C" void release(Item *items) { delete[] items; }

int main() {
  release(new Large[5]);
  return 0;
}
