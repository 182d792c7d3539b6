// Comparing memory that may not be there any more.
#pragma once

#include "base/types.h"

namespace fencepost::os {

/// True if the word `offsets[i]` words above `base` is `words[i]`, for all `count` of them; false if not, or if one of
/// them can't be read. Costs no more than the reads: a fault finds the way out by where it happened (see attempt.h,
/// which is for all else). Context: anywhere, once the fault handler is installed.
[[nodiscard]] bool words_are(const Address* base, const std::uint32_t* offsets, const Address* words, Size count);

/// True if `pc` is an instruction of words_are.
[[nodiscard]] bool is_in_words_are(Address pc);

/// Where words_are goes on if that instruction faults.
[[nodiscard]] Address way_out_of_words_are();

}  // namespace fencepost::os
