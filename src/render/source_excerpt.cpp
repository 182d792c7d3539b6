#include "render/source_excerpt.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "findings/utf8.h"
#include "render/escape.h"

namespace fencepost::render {

namespace {

constexpr unsigned kAround = 2;
constexpr std::size_t kWidest = 150;
constexpr std::size_t kTab = 4;
constexpr off_t kLargestFile = off_t{64} << 20;

struct Lines {
  unsigned first = 0;
  std::vector<std::string> text;
};

/// Names of devices and pipes can stand in debug information too; reading one may never end.
bool is_readable_file(const std::string& path, struct stat& status) {
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= kLargestFile;
}

Lines lines_around(const std::string& path, unsigned line) {
  Lines lines{line > kAround ? line - kAround : 1, {}};
  std::ifstream in(path);
  std::string text;
  for (unsigned number = 1; number <= line + kAround && std::getline(in, text); ++number) {
    if (number >= lines.first) lines.text.push_back(text);
  }
  return lines;
}

/// One line as it is shown, at most `kWidest` columns of it.
std::string shown(std::string_view text) {
  std::string line;
  std::size_t columns = 0;
  if (text.ends_with('\r')) text.remove_suffix(1);
  while (!text.empty()) {
    const std::size_t length = findings::first_character(text).length;
    const std::string piece =
        text[0] == '\t' ? std::string(kTab - columns % kTab, ' ') : printable(text.substr(0, length));
    columns += columns_of(piece);
    if (columns > kWidest) return line + "...";
    line += piece;
    text.remove_prefix(length);
  }
  return line;
}

/// "  17 | "
std::string gutter(const std::string& number, std::size_t width, const char* arrow, const TextStyle& style) {
  return "  " + std::string(arrow) + ' ' + std::string(width - number.size(), ' ') + number +
         (style.unicode ? " │ " : " | ");
}

bool was_changed(const struct stat& file, const findings::Frame& frame) {
  return frame.module_mtime && file.st_mtime > *frame.module_mtime;
}

/// Blanks up to the column of `location`, counted in bytes from 1, and a caret; "" if it isn't on what is
/// shown.
std::string caret_line(const std::string& text, const Location& location) {
  if (location.column == 0 || location.column > text.size()) return "";
  const std::string before = shown(text.substr(0, location.column - 1));
  const std::size_t columns = columns_of(before);
  return columns < kWidest ? std::string(columns, ' ') + '^' : "";
}

}  // namespace

std::vector<std::string> source_excerpt(const Location& location, const TextStyle& style) {
  struct stat status {};
  if (!location.has_source() || !is_readable_file(location.file, status)) return {};
  const Lines lines = lines_around(location.file, location.line);
  if (lines.first + lines.text.size() <= location.line) return {};
  std::vector<std::string> excerpt;
  const std::size_t width = std::to_string(lines.first + lines.text.size() - 1).size();
  for (std::size_t i = 0; i < lines.text.size(); ++i) {
    const unsigned number = lines.first + static_cast<unsigned>(i);
    const bool is_it = number == location.line;
    const std::string margin = gutter(std::to_string(number), width, is_it ? ">" : " ", style);
    excerpt.push_back(style.paint(is_it ? Paint::heading : Paint::faint, margin + shown(lines.text[i])));
    const std::string caret = is_it ? caret_line(lines.text[i], location) : "";
    if (!caret.empty())
      excerpt.push_back(style.paint(Paint::faint, gutter("", width, " ", style)) + style.paint(Paint::mark, caret));
  }
  if (location.frame != nullptr && was_changed(status, *location.frame)) {
    excerpt.emplace_back("    (the file was changed after the program was built)");
  }
  return excerpt;
}

}  // namespace fencepost::render
