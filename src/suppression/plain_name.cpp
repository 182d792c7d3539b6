#include "suppression/plain_name.h"

#include "base/text.h"
#include "base/types.h"

namespace fencepost::suppression {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

struct Code {
  std::string_view code;
  std::string_view name;
};

constexpr Code kOperators[] = {
    {"cl", "()"}, {"ix", "[]"},   {"aS", "="},      {"eq", "=="},      {"ne", "!="},        {"lt", "<"},
    {"gt", ">"},  {"le", "<="},   {"ge", ">="},     {"ss", "<=>"},     {"nt", "!"},         {"aa", "&&"},
    {"oo", "||"}, {"pp", "++"},   {"mm", "--"},     {"pl", "+"},       {"mi", "-"},         {"ml", "*"},
    {"dv", "/"},  {"rm", "%"},    {"an", "&"},      {"or", "|"},       {"eo", "^"},         {"co", "~"},
    {"pL", "+="}, {"mI", "-="},   {"mL", "*="},     {"dV", "/="},      {"rM", "%="},        {"aN", "&="},
    {"oR", "|="}, {"eO", "^="},   {"ls", "<<"},     {"rs", ">>"},      {"lS", "<<="},       {"rS", ">>="},
    {"pt", "->"}, {"pm", "->*"},  {"cm", ","},      {"ps", "+"},       {"ng", "-"},         {"ad", "&"},
    {"de", "*"},  {"nw", " new"}, {"na", " new[]"}, {"dl", " delete"}, {"da", " delete[]"},
};

constexpr Code kStandard[] = {
    {"St", "std"},          {"Sa", "std::allocator"}, {"Ss", "std::string"},   {"Sb", "std::basic_string"},
    {"Si", "std::istream"}, {"So", "std::ostream"},   {"Sd", "std::iostream"},
};

/// Reads one mangled name from front to back. Each function takes what it is named for and returns false if
/// that is not there.
class Reader {
 public:
  Reader(std::string_view text, Writer& out) : rest_(text), out_(out) {}

  bool read() { return take("_Z") && name(kMostNesting); }

 private:
  static constexpr int kMostNesting = 8;

  [[nodiscard]] char next() const { return rest_.empty() ? '\0' : rest_[0]; }
  void drop(Size count) { rest_ = without_first(rest_, count); }
  char pop() {
    const char c = next();
    drop(1);
    return c;
  }
  bool take(std::string_view text) {
    if (!begins_with(rest_, text)) return false;
    drop(text.size());
    return true;
  }
  template <typename Belongs>
  void take_while(Belongs belongs) {
    while (!rest_.empty() && belongs(next())) drop(1);
  }

  bool name(int nesting) {
    if (nesting == 0) return false;
    if (take("Z")) return local(nesting);
    if (take("N")) return nested();
    take("L");  // of internal linkage
    if (begins_with(rest_, "St")) {
      drop(2);
      write("std");
    }
    if (!component()) return false;
    return !take("I") || arguments();
  }

  /// A name inside of a function: that function's name, its types, and what it is called there.
  bool local(int nesting) {
    if (!name(nesting - 1) || !skip_to_end()) return false;
    if (take("s")) return true;  // a string constant of the function
    if (take("d")) take_while([](char c) { return is_digit(c) || c == '_'; });
    return name(nesting - 1);
  }

  bool nested() {
    take_while([](char c) { return c == 'r' || c == 'V' || c == 'K'; });
    take(begins_with(rest_, "R") ? "R" : "O");
    while (!take("E")) {
      if (take("I") ? !arguments() : !component()) return false;
    }
    return !last_.empty();
  }

  bool arguments() {
    out_.text("<>");
    return skip_to_end();
  }

  /// One part of a qualified name.
  bool component() {
    take("L");
    if (is_digit(next())) return source_name();
    if (take("C")) return is_digit(pop()) && !last_.empty() && write(last_);
    if (take("D")) return is_digit(pop()) && !last_.empty() && write("~", last_);
    if (take("Ul")) return skip_to_end() && number() && write("{lambda}");
    if (take("Ut")) return number() && write("{unnamed}");
    for (const Code& standard : kStandard) {
      if (take(standard.code)) return write(standard.name);
    }
    for (const Code& known : kOperators) {
      if (take(known.code)) return write("operator", known.name);
    }
    return false;
  }

  /// <n> <n bytes>, and tags of an ABI, which are no part of it.
  bool source_name() {
    std::string_view identifier;
    if (!counted(identifier)) return false;
    if (!write(begins_with(identifier, "_GLOBAL__N") ? std::string_view("(anonymous namespace)") : identifier))
      return false;
    std::string_view tag;
    while (take("B")) {
      if (!counted(tag)) return false;
    }
    return true;
  }

  bool counted(std::string_view& text) {
    if (!is_digit(next())) return false;
    Size size = 0;
    while (is_digit(next()) && size <= rest_.size()) size = size * 10 + static_cast<Size>(pop() - '0');
    if (size > rest_.size()) return false;
    text = first(rest_, size);
    drop(size);
    return true;
  }

  /// Of lambdas and types without a name: which one it is.
  bool number() {
    take_while(is_digit);
    return take("_");
  }

  bool write(std::string_view prefix, std::string_view text = {}) {
    if (!last_.empty()) out_.text("::");
    out_.text(prefix).text(text);
    last_ = text.empty() ? prefix : text;
    return true;
  }

  /// Skips types, up to and with the E that ends them.
  bool skip_to_end(int nesting = kMostNesting) {
    if (nesting == 0) return false;
    for (Size depth = 1; !rest_.empty();) {
      std::string_view ignored;
      if (is_digit(next())) {
        if (!counted(ignored)) return false;
        continue;
      }
      const char c = pop();
      switch (c) {
        case 'E':
          if (--depth == 0) return true;
          break;
        case 'N':
        case 'I':
        case 'X':
        case 'F':
        case 'J':
        case 'Z': ++depth; break;
        case 'L':
          if (take("_Z")) {
            ++depth;
            break;
          }
          // The value of a builtin type: its digits are no length. Those of other types are rare.
          if (!is_lower(next())) return false;
          take_while([](char other) { return other != 'E'; });
          take("E");
          break;
        case 'S':
          if (is_lower(next())) {
            drop(1);
            break;
          }
          [[fallthrough]];
        case 'T': take_while([](char other) { return is_digit(other) || is_upper(other); }), take("_"); break;
        case 'A': take_while(is_digit), take("_"); break;
        case 'D':
          if (const char kind = pop(); kind == 'T' || kind == 't' || kind == 'O') ++depth;
          break;
        case 'U':
          // Which lambda it is stands behind its end, and is no length either.
          if (take("l") ? !skip_to_end(nesting - 1) || !number() : take("t") && !number()) return false;
          break;
        default: break;
      }
    }
    return false;
  }

  std::string_view rest_;
  Writer& out_;
  std::string_view last_;
};

}  // namespace

std::string_view without_suffix(std::string_view symbol) {
  const Size dot = symbol.find('.');
  return dot == 0 ? symbol : first(symbol, dot);
}

bool write_plain_name(std::string_view symbol, Writer& out) { return Reader(symbol, out).read(); }

}  // namespace fencepost::suppression
