// What can be typed, as data: the command line is parsed, completed and documented from the same list.
#pragma once

#include <string>
#include <vector>

namespace fencepost::cli {

struct OptionGrammar {
  std::vector<std::string> names;  ///< "-v", "--verbose"
  bool takes_value = false;
  std::string value;               ///< what the value is: "FILE", "0 to 64", "end|begin"
  std::vector<std::string> words;  ///< the values, if there are only a few
  std::string help;
};

struct CommandGrammar {
  enum class Rest { nothing, program, files };

  std::string name;  ///< "run"; empty: options of all commands
  std::string help;
  std::vector<OptionGrammar> options;
  Rest rest = Rest::nothing;       ///< what follows the options
  std::vector<std::string> words;  ///< what may follow, if it is one of a few words
};

using Grammar = std::vector<CommandGrammar>;

}  // namespace fencepost::cli
