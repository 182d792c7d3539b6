// The bytes of a slot's pages that are not the block's: filled when it is born, compared when it dies.
#pragma once

#include "base/range.h"
#include "base/types.h"
#include "heap/pattern.h"
#include "record/block_record.h"
#include "record/fault_record.h"

namespace fencepost::heap {

/// Fills the slack on both sides of the block. Its pages are open.
void fill_slack(const record::BlockRecord& block, const Pattern& pattern);

/// True if all slack still holds `pattern`; otherwise describes what changed on the side that changed, the
/// one after the block first. Its pages are open.
[[nodiscard]] bool slack_is_intact(const record::BlockRecord& block, const Pattern& pattern,
                                   record::SlackDamage& damage);

/// Fills a freed block that is not fenced yet; and true if it still is filled, as for slack.
void fill_poison(const record::BlockRecord& block, const Pattern& poison);
[[nodiscard]] bool poison_is_intact(const record::BlockRecord& block, const Pattern& poison,
                                    record::SlackDamage& damage);

}  // namespace fencepost::heap
