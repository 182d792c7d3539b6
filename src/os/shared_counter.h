// A number that several processes count up together.
#pragma once

#include <atomic>
#include <cstdint>

namespace fencepost::os {

/// The first eight bytes of the file at `path`, which is there and has them; null if it can't be mapped. Forked
/// children count in the same one. Context: start-up.
[[nodiscard]] std::atomic<std::uint64_t>* map_shared_counter(const char* path);

}  // namespace fencepost::os
