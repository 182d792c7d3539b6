// Address intervals that may lie within each other, and which of them hold an address.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace fencepost::symbolize {

/// Intervals [begin, end), each with a value. Filled by add, then put in order once, then asked.
template <typename Value>
class Intervals {
 public:
  /// An empty or inverted interval holds nothing and is left out.
  void add(std::uint64_t begin, std::uint64_t end, Value value) {
    if (begin < end) entries_.push_back({begin, end, 0, value});
  }

  /// Before the first question, and after the last add.
  void put_in_order() {
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](const Entry& one, const Entry& other) { return one.begin < other.begin; });
    std::uint64_t furthest = 0;
    for (Entry& entry : entries_) entry.furthest = furthest = std::max(furthest, entry.end);
  }

  /// Calls visit(begin, end, value) for every interval that holds the address; those that begin last come
  /// first.
  template <typename Visit>
  void for_each_holding(std::uint64_t address, Visit visit) const {
    auto entry = std::upper_bound(entries_.begin(), entries_.end(), address,
                                  [](std::uint64_t wanted, const Entry& each) { return wanted < each.begin; });
    while (entry != entries_.begin() && (--entry)->furthest > address) {
      if (entry->end > address) visit(entry->begin, entry->end, entry->value);
    }
  }

  [[nodiscard]] bool empty() const { return entries_.empty(); }

 private:
  struct Entry {
    std::uint64_t begin;
    std::uint64_t end;
    std::uint64_t furthest;  ///< where the last of this one and all before it ends
    Value value;
  };
  std::vector<Entry> entries_;
};

}  // namespace fencepost::symbolize
