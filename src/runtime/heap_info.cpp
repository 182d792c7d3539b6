#include "runtime/heap_info.h"

#include <algorithm>
#include <cerrno>
#include <climits>

#include "base/writer.h"
#include "runtime/runtime.h"

namespace fencepost::runtime {

namespace {

int bounded(Size value) { return static_cast<int>(std::min<Size>(value, INT_MAX)); }

struct InUse {
  Size blocks;
  Size bytes;
};

InUse in_use() {
  const Runtime::Totals totals = instance().totals();
  // Read while other threads go on: a difference may be off by what they are just doing.
  const auto difference = [](Size a, Size b) { return a > b ? a - b : 0; };
  return {difference(totals.guarded, totals.guarded_freed), difference(totals.bytes, totals.bytes_freed)};
}

}  // namespace

struct mallinfo2 heap_info2() {
  const InUse used = in_use();
  struct mallinfo2 info {};
  info.arena = info.uordblks = info.hblkhd = used.bytes;
  info.hblks = used.blocks;
  return info;
}

struct mallinfo heap_info() {
  const InUse used = in_use();
  struct mallinfo info {};
  info.arena = info.uordblks = info.hblkhd = bounded(used.bytes);
  info.hblks = bounded(used.blocks);
  return info;
}

void tell_heap_info() {
  const InUse used = in_use();
  TextBuffer<256> message;
  message.decimal(used.blocks).text(" guarded blocks of ").decimal(used.bytes).text(" bytes in use\n");
  instance().say(message.view());
}

int write_heap_info(int options, FILE* stream) {
  if (options != 0) return EINVAL;
  const InUse used = in_use();
  TextBuffer<512> document;
  document.text("<malloc version=\"fencepost-1\">\n<total type=\"guarded\" count=\"").decimal(used.blocks);
  document.text("\" size=\"").decimal(used.bytes).text("\"/>\n</malloc>\n");
  const auto text = document.view();
  return fwrite(text.data(), 1, text.size(), stream) == text.size() ? 0 : errno;
}

}  // namespace fencepost::runtime
