// One line of what `fencepost doctor` finds out.
#pragma once

#include <string>
#include <vector>

namespace fencepost::cli {

struct Remark {
  enum class Mark { fine, note, bad };  ///< bad: nothing, or not this program, will be guarded

  Mark mark = Mark::fine;
  std::string subject;  ///< "engine"
  std::string text;     ///< "page_move", and what follows from it
};

using Remarks = std::vector<Remark>;

}  // namespace fencepost::cli
