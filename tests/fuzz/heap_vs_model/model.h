// What the heap should be: which blocks are alive, what they hold, and which addresses were ever given out.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "base/range.h"
#include "record/block_record.h"

namespace fencepost::model {

/// A block as its owner knows it.
struct Block {
  Address address = 0;
  Size size = 0;
  std::uint64_t tag = 0;  ///< of its contents
  record::Api api = record::Api::none;
  bool guarded = false;
  Range slot;  ///< of a guarded one, its fence included
  Range data;  ///< the pages of it

  [[nodiscard]] Range bytes() const { return {address, address + size}; }
};

/// Writes what only this block holds: all of a small one, parts of a large one.
void write_contents(const Block& block);
/// True if the first `size` bytes at `address` are what write_contents wrote, as far as it did.
[[nodiscard]] bool holds_contents(const Block& block, Address address, Size size);

/// Slots that were ever given out. Any thread.
class Space {
 public:
  /// False if a part of it was given out before.
  [[nodiscard]] bool claim(Range slot);

  void lock_for_fork() { mutex_.lock(); }
  void unlock_after_fork() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
  std::map<Address, Address> slots_;
};

/// Where threads leave blocks for others to free. Any thread.
class Exchange {
 public:
  /// Leaves `block`, and takes another if there are enough.
  [[nodiscard]] bool swap(Block& block);
  [[nodiscard]] std::vector<Block>& all() { return blocks_; }

  void lock_for_fork() { mutex_.lock(); }
  void unlock_after_fork() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
  std::vector<Block> blocks_;
};

/// Whether the kernel may read the byte at `address`: a fence that is asked without a fault. One thread.
class Probe {
 public:
  Probe();
  ~Probe();
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  [[nodiscard]] bool is_fenced(Address address) const;
  [[nodiscard]] bool is_fenced(Range range) const;

 private:
  int ends_[2] = {-1, -1};
};

}  // namespace fencepost::model
