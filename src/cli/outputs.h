// Where findings are printed, and how.
#pragma once

#include <fstream>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "findings/finding.h"

namespace fencepost::cli {

enum class Format { text, json, sarif, junit, github, valgrind };

/// "text|json|sarif|junit|github|valgrind"
[[nodiscard]] std::string format_names();

/// The outputs of one command.
class Outputs {
 public:
  /// `text` is where text goes that has no file: std::cerr where standard output is another program's.
  explicit Outputs(std::ostream& text) : text_(text) {}

  /// Takes "format" or "format=file" each; what has no file and is no text goes to standard output. None at all is
  /// text, and under GITHUB_ACTIONS annotations too. Files are opened now, so that no run is in vain. False, and a word
  /// in the log, if one is no good.
  [[nodiscard]] bool open(const std::vector<std::string>& wanted);

  /// Writes all of them, in every format. False, and a word in the log, if something could not be written.
  [[nodiscard]] bool write(const std::vector<findings::Finding>& findings);

 private:
  struct Output {
    Format format = Format::text;
    std::string path;  ///< empty: none
    std::unique_ptr<std::ofstream> file;
  };

  [[nodiscard]] bool open_one(const std::string& wanted);

  std::ostream& text_;
  std::vector<Output> outputs_;
};

}  // namespace fencepost::cli
