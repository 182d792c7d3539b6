// fencepost_micro: what one allocation costs, and what the kernel alone would charge for it.
//
//   fencepost_micro [--objects=N] [Google Benchmark's options]
//
// The rows `malloc/…` use whatever malloc the program runs under; the rows `floor/…` use none. micro.py runs
// both.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string_view>

#include "floor.h"
#include "malloc_rows.h"

namespace {

constexpr std::size_t kDefaultObjects = 200000;

/// Takes --objects=N out of the command line.
std::size_t take_objects(int& argc, char** argv) {
  constexpr std::string_view kOption = "--objects=";
  if (argc < 2 || !std::string_view(argv[1]).starts_with(kOption)) return kDefaultObjects;
  const std::size_t objects = std::strtoull(argv[1] + kOption.size(), nullptr, 10);
  for (int i = 1; i < argc; ++i) argv[i] = argv[i + 1];
  --argc;
  return objects;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t objects = take_objects(argc, argv);
  benchmark::Initialize(&argc, argv);
  if (objects == 0 || benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  fencepost::benchmarks::register_floor_rows(objects);
  fencepost::benchmarks::register_malloc_rows(objects);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
