// The line of the source that did it, with those around it.
#pragma once

#include <string>
#include <vector>

#include "render/locations.h"
#include "render/text_style.h"

namespace fencepost::render {

/// The line of `location`, two before and two after it, and a caret below its column. Empty if the file can't
/// be read, is no regular file or larger than 64 MiB, or doesn't have the line. A file that was changed after
/// the program was built is shown with a remark that says so.
[[nodiscard]] std::vector<std::string> source_excerpt(const Location& location, const TextStyle& style);

}  // namespace fencepost::render
