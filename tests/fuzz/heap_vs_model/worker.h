// One thread that uses the heap at random, and compares everything with the model.
#pragma once

#include <memory>
#include <random>
#include <vector>

#include "heap/heap.h"
#include "heap_vs_model/model.h"
#include "heap_vs_model/settings.h"

namespace fencepost::model {

/// What all threads share.
struct World {
  Run run;
  heap::Heap heap;
  Space space;
  Exchange exchange;
};

class Worker {
 public:
  Worker(World& world, unsigned number);

  /// Does so many operations, with about `most` blocks of its own alive.
  void work(std::uint64_t operations, Size most);
  /// The same in a child, while others go on. Returns when the child has ended well.
  void work_in_child(std::uint64_t operations, std::vector<std::unique_ptr<Worker>>& all);

  /// Fences what waits.
  void settle();
  /// Its own blocks: what they hold is as it should be.
  void check_contents() const;

  [[nodiscard]] std::vector<Block>& blocks() { return blocks_; }
  [[nodiscard]] heap::ThreadCache& cache() { return *cache_; }
  void release(Block block);
  void allocate();

 private:
  void step(Size most);
  void adopt(Block& block, Size alignment);
  void reallocate(Block& block);
  void trade(Block& block);
  void release_damaged(Block block);
  void release_by_other_family(Block block);
  void release_and_write(Block block);
  void ask_about_dead();
  void ask_about_live(const Block& block);
  void bury(const Block& block);
  void expect_wait_is_intact();
  void check_new_contents(const Block& block, heap::Contents contents) const;

  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  [[nodiscard]] Size any_size();
  [[nodiscard]] Size any_alignment();
  [[nodiscard]] Block take_own();
  [[nodiscard]] heap::Caller caller(record::Api api) const { return {api, 100 + number_, number_}; }
  [[nodiscard]] bool give_back(const Block& block, record::Api api);
  [[nodiscard]] bool is_known(Address address) const { return !world_.heap.chunks().is_expired(address); }

  World& world_;
  ThreadId number_;
  std::mt19937_64 random_;
  std::unique_ptr<heap::ThreadCache> cache_ = std::make_unique<heap::ThreadCache>();
  std::vector<Block> blocks_;
  std::vector<Block> waiting_;  ///< freed by this thread, perhaps not fenced yet
  std::vector<Block> dead_;     ///< fenced
  record::FaultRecord error_;
  Probe probe_;
};

}  // namespace fencepost::model
