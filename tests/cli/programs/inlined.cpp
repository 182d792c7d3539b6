// A read of a block that was freed, in functions and templates that are inlined into each other, whatever the compiler
// thinks of it: `inlined` at -O2 has the same frames from all.
#include <cstdlib>

#define INLINED [[gnu::always_inline]] inline
#define APART [[gnu::noinline]]

namespace storage {

template <typename T>
class Cells {
 public:
  INLINED explicit Cells(std::size_t count) : first_(static_cast<T*>(std::calloc(count, sizeof(T)))), count_(count) {}
  INLINED void release() { std::free(first_); }
  INLINED T at(std::size_t index) const { return load(first_ + index); }
  INLINED std::size_t count() const { return count_; }

 private:
  INLINED static T load(const volatile T* cell) { return *cell; }

  T* first_;
  std::size_t count_;
};

template <typename T, int kRows>
struct Table {
  Cells<T> cells;
  INLINED explicit Table(std::size_t columns) : cells(columns * kRows) {}
  INLINED T read(int row, int column) const {
    return cells.at(static_cast<std::size_t>(row) * (cells.count() / kRows) + static_cast<std::size_t>(column));
  }
};

}  // namespace storage

namespace sums {

struct Plus {
  template <typename T>
  INLINED void operator()(T& sum, const T& value) const {
    sum = static_cast<T>(sum + value);
  }
};

template <typename T, int kRows, typename Each>
INLINED T fold_row(const storage::Table<T, kRows>& table, int row, Each each) {
  T sum{};
  for (int column = 0; column < 4; ++column) each(sum, table.read(row, column));
  return sum;
}

template <typename T, int kRows>
INLINED T total(const storage::Table<T, kRows>& table) {
  T sum{};
  for (int row = 0; row < kRows; ++row) Plus()(sum, fold_row(table, row, Plus()));
  return sum;
}

APART long all_of(const storage::Table<long, 8>& table) { return total(table); }

}  // namespace sums

namespace steps {

// No call is the last thing that a function does, or its frame would be gone.
volatile int done;

template <typename Step>
INLINED int counted(const Step& step) {
  const int result = step();
  done = done + 1;
  return result;
}

template <typename Step>
struct Counted {
  Step step;
  INLINED int operator()() const { return counted(step); }
};

template <typename Step>
INLINED int counted_twice(const Step& step) {
  return counted(Counted<Step>{step});
}

}  // namespace steps

using LongTable = storage::Table<long, 8>;

struct Release {
  LongTable& table;
  INLINED int operator()() const {
    table.cells.release();
    return 0;
  }
};

struct Sum {
  const LongTable& table;
  INLINED int operator()() const { return static_cast<int>(sums::all_of(table)); }
};

APART int release_and_sum(int argc) {
  LongTable table(4);
  if (argc == 1) steps::counted(Release{table});
  return steps::counted(Sum{table});
}

struct ReleaseAndSum {
  int argc;
  INLINED int operator()() const { return release_and_sum(argc); }
};

APART int run(int argc) { return steps::counted_twice(ReleaseAndSum{argc}); }

struct Run {
  int argc;
  INLINED int operator()() const { return run(argc); }
};

int main(int argc, char**) { return steps::counted(Run{argc}); }
