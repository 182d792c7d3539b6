// How a row is timed: one pass over N objects, reported as nanoseconds per object.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>
#include <thread>
#include <utility>

namespace fencepost::benchmarks {

/// Times `body(i)` for i = 0, 1, … N - 1, where N is the state's number of iterations.
template <typename Body>
void time_each(benchmark::State& state, Body body) {
  std::size_t i = 0;
  for (auto _ : state) body(i++);
}

/// Times `body(0)` and `body(1)` on two threads at once, each of which handles all N objects.
template <typename Body>
void time_on_two_threads(benchmark::State& state, Body body) {
  while (state.KeepRunningBatch(state.max_iterations)) {
    std::thread other(body, std::size_t{1});
    body(std::size_t{0});
    other.join();
  }
}

/// Registers `row(state)` as a benchmark of exactly `objects` iterations, in wall time.
template <typename Row>
void register_row(const std::string& name, std::size_t objects, Row row) {
  benchmark::RegisterBenchmark(name.c_str(), std::move(row))
      ->Iterations(static_cast<benchmark::IterationCount>(objects))
      ->UseRealTime();
}

}  // namespace fencepost::benchmarks
