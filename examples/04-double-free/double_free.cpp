// Two owners of one buffer: the copy made by the compiler frees what the original frees too.
class Buffer {
 public:
  explicit Buffer(int size) : bytes_(new char[size]) {}
  ~Buffer() { release(); }

 private:
  void release() { delete[] bytes_; }
  char* bytes_;
};

void use(Buffer) {}

int main() {
  Buffer buffer(100);
  use(buffer);
}
