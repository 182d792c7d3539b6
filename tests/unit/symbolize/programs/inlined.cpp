// Templates, lambdas, local classes and static functions, most of them inlined into each other at -O2.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

namespace shapes {

template <typename T, int N>
struct Matrix {
  T cells[N][N];
  T& at(int row, int column) { return cells[row][column]; }
  template <typename F>
  void each(F f) {
    for (int i = 0; i < N; ++i) {
      for (int j = 0; j < N; ++j) f(at(i, j), i + j);
    }
  }
};

namespace {
static int hidden(int value) {
  asm volatile("nop" : "+r"(value));
  struct Local {
    int twice(int x) const { return x * 2 + value; }
    int value;
  };
  return Local{value}.twice(value + 1);
}
}  // namespace

class Shape {
 public:
  explicit Shape(std::string name) : name_(std::move(name)) {}
  virtual ~Shape() = default;
  virtual double area() const = 0;
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

class Square : public Shape {
 public:
  explicit Square(double side) : Shape("square"), side_(side) {}
  double area() const override { return side_ * side_; }

 private:
  double side_;
};

}  // namespace shapes

static inline int fold(const std::vector<int>& values) {
  return std::accumulate(values.begin(), values.end(), 0, [](int sum, int each) { return sum * 31 + each; });
}

template <typename... Ts>
int count_all(Ts... values) {
  return (shapes::hidden(static_cast<int>(values)) + ... + 0);
}

extern "C" __attribute__((noinline)) int plain(char* text, int length) {
  if (length > 100) std::fprintf(stderr, "long\n");
  return static_cast<int>(std::strlen(text)) + length;
}

__attribute__((noinline)) int run(int argc) {
  shapes::Matrix<int, 4> matrix{};
  matrix.each([&](int& cell, int index) { cell = index * argc; });
  std::vector<int> values;
  matrix.each([&](int cell, int) { values.push_back(cell); });
  std::sort(values.begin(), values.end(), [](int a, int b) { return a % 7 < b % 7; });
  std::map<std::string, std::unique_ptr<shapes::Shape>> all;
  all["one"] = std::make_unique<shapes::Square>(argc);
  std::function<int(int)> later = [total = fold(values)](int x) { return total + x; };
  double area = 0;
  for (const auto& [name, shape] : all) area += shape->area() + static_cast<double>(name.size() + shape->name().size());
  char text[] = "text";
  if (argc > 7) throw std::string(text);
  return later(count_all(argc, 2L, 3.0)) + static_cast<int>(area) + plain(text, argc);
}

int main(int argc, char**) {
  try {
    return run(argc) == 0;
  } catch (const std::string& message) {
    return plain(const_cast<char*>(message.c_str()), 1);
  }
}
