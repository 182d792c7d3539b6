// Memory for the records of uniform chunks: whole chunks' and those of few blocks.
#pragma once

#include "base/types.h"
#include "metadata/chunk.h"
#include "metadata/page_arena.h"
#include "record/block_record.h"

namespace fencepost::metadata {

/// Arrays come in steps of 4 records, and one size for whole chunks. What is given back serves as an array of the same
/// size again, and others may still read it meanwhile. Context: malloc, under a lock of the owner's.
class RecordArrays {
 public:
  /// Larger arrays are those of whole chunks.
  static constexpr Size kMostFew = 64;

  constexpr explicit RecordArrays(PageArena& storage) : storage_(storage) {}

  /// Zeroed records, at least `count`, or null if there is no memory.
  [[nodiscard]] record::BlockRecord* take(Size count);
  /// How many records `take(count)` has.
  [[nodiscard]] static constexpr Size capacity(Size count) {
    return count > kMostFew ? records_of(Layout::uniform) : (count + kStep - 1) / kStep * kStep;
  }
  /// `count`: as it was taken with. With less, less of it serves again.
  void give_back(record::BlockRecord* array, Size count);

 private:
  struct Free {
    Free* next;
  };

  static constexpr Size kStep = 4;
  static constexpr Size kSizes = kMostFew / kStep + 1;
  [[nodiscard]] static constexpr Size index(Size count) {
    return count > kMostFew ? kSizes - 1 : (count + kStep - 1) / kStep - 1;
  }

  PageArena& storage_;
  Free* free_[kSizes] = {};
};

}  // namespace fencepost::metadata
