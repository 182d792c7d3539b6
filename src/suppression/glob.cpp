#include "suppression/glob.h"

#include "base/text.h"
#include "base/types.h"

namespace fencepost::suppression {

bool matches(std::string_view pattern, std::string_view text) {
  constexpr Size kNone = std::string_view::npos;
  Size in_pattern = 0, in_text = 0;
  // The last star, and how much of the text it does not stand for: when the rest fails, it takes one byte
  // more. Stars before it never have to be looked at again.
  Size star = kNone, after_star = 0;
  while (in_text < text.size()) {
    const bool more = in_pattern < pattern.size();
    if (more && pattern[in_pattern] == '*') {
      star = in_pattern++;
      after_star = in_text;
    } else if (more && (pattern[in_pattern] == '?' || pattern[in_pattern] == text[in_text])) {
      ++in_pattern, ++in_text;
    } else if (star != kNone) {
      in_pattern = star + 1;
      in_text = ++after_star;
    } else {
      return false;
    }
  }
  while (in_pattern < pattern.size() && pattern[in_pattern] == '*') ++in_pattern;
  return in_pattern == pattern.size();
}

bool matches_path(std::string_view pattern, std::string_view path) {
  if (path.empty()) return false;
  return matches(pattern, pattern.find('/') == std::string_view::npos ? file_name(path) : path);
}

std::string_view file_name(std::string_view path) {
  const Size slash = path.rfind('/');
  return slash == std::string_view::npos ? path : without_first(path, slash + 1);
}

}  // namespace fencepost::suppression
