// What is stored is what is loaded; equal traces share an id, different ones do not, however alike their
// hashes.
#include "metadata/trace_depot.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "os/pages.h"
#include "property.h"
#include "record/trace.h"

using namespace fencepost;
using fuzz::must_hold;
using metadata::TraceDepot;

namespace {

using Frames = std::vector<Address>;

/// Traces of two frames whose hashes are equal: the second frame undoes what the first did to the state.
Frames colliding(Address first) { return {first, (2 ^ first) * 0x9e3779b97f4a7c15u}; }

/// Few different frames, so that traces repeat.
Frames any_trace(FuzzedDataProvider& input) {
  const auto kind = input.ConsumeIntegral<std::uint8_t>();
  if (kind < 60) return colliding(input.ConsumeIntegral<std::uint8_t>());
  if (kind < 80) return Frames(input.ConsumeIntegralInRange<Size>(0, record::kMaxTraceDepth), 0x400000);
  Frames frames(input.ConsumeIntegralInRange<Size>(0, kind < 200 ? 4 : record::kMaxTraceDepth));
  for (Address& frame : frames)
    frame = kind < 240 ? input.ConsumeIntegralInRange(0, 3) : input.ConsumeIntegral<Address>();
  return frames;
}

bool holds(const TraceDepot& depot, TraceId id, const Frames& frames) {
  const auto loaded = depot.load(id);
  return std::equal(loaded.begin(), loaded.end(), frames.begin(), frames.end());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const auto depot = std::make_unique<TraceDepot>();
  // The buckets take 256 KiB; what is left is soon full, or never.
  const Size bytes = (Size{256} << 10) + (input.ConsumeBool() ? Size{4} << 10 : Size{1} << 20);
  must_hold(depot->reserve(bytes), "there is memory for a depot");

  std::map<Frames, TraceId> known;
  bool full = false;
  while (input.remaining_bytes() > 0) {
    const Frames frames = any_trace(input);
    const TraceId id = depot->store(frames);
    const auto found = known.find(frames);
    if (found != known.end()) {
      must_hold(id == found->second, "equal traces share an id");
    } else if (id != 0) {
      must_hold(!frames.empty(), "no trace has no id");
      must_hold(std::none_of(known.begin(), known.end(), [id](const auto& other) { return other.second == id; }),
                "an id stands for one trace");
      known[frames] = id;
    } else {
      full = full || !frames.empty();
    }
    must_hold(id == 0 || holds(*depot, id, frames), "what is stored is what is loaded");
  }
  must_hold(!full || depot->storage().used() + sizeof(Address) * record::kMaxTraceDepth + 64 > bytes,
            "a trace is refused only for want of room");
  must_hold(depot->size() == known.size(), "traces are counted");
  for (const auto& [frames, id] : known) must_hold(holds(*depot, id, frames), "what is loaded stays");
  os::give_back(depot->storage().range());
  return 0;
}
