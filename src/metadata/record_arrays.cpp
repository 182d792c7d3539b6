#include "metadata/record_arrays.h"

#include <cstring>
#include <new>

namespace fencepost::metadata {

using record::BlockRecord;

BlockRecord* RecordArrays::take(Size count) {
  const Size bytes = capacity(count) * sizeof(BlockRecord);
  Free*& free = free_[index(count)];
  if (free == nullptr) return static_cast<BlockRecord*>(storage_.allocate(bytes, alignof(BlockRecord)));
  void* const memory = free;
  free = free->next;
  std::memset(memory, 0, bytes);
  return static_cast<BlockRecord*>(memory);
}

void RecordArrays::give_back(BlockRecord* array, Size count) {
  Free*& free = free_[index(count)];
  free = new (array) Free{free};
}

}  // namespace fencepost::metadata
