// Which findings nobody wants to hear of: the rules of suppression files, and a finding held against them.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/text.h"
#include "base/types.h"
#include "base/writer.h"

namespace fencepost::suppression {

/// What a condition is about: the kind of the finding, or one frame of any of its traces.
enum class Subject : std::uint8_t {
  kind,
  function,
  module,
  source,
  frame,  ///< any of the three above
};

struct Condition {
  Subject subject;
  std::string_view pattern;
};

/// One frame as far as it is known; "" for what is not.
struct Frame {
  std::string_view function;   ///< the symbol
  std::string_view demangled;  ///< by a real demangler; "": what `write_plain_name` makes of the symbol
  std::string_view module;     ///< a path
  std::string_view source;     ///< a path, or a file's name
};

/// One line. All of its conditions must hold, each for the kind or at any frame.
struct Rule {
  std::string_view text;  ///< without comment and outer blanks
  std::string_view file;
  std::uint32_t line = 0;              ///< counted from 1
  std::uint32_t open = 0;              ///< a bit for each condition that has not been met yet by the finding in hand
  std::atomic<std::uint64_t> uses{0};  ///< findings that it suppressed
};

/// Reads one line of a suppression file:
///
///     [<kind>] [function=<pattern>] [module=<pattern>] [source=<pattern>] ... [# comment]
///     <kind>:<pattern>        the same as <kind> with one pattern for the function, the module or the source
///     file
///
/// Patterns are those of glob.h. `rule` becomes what is to be kept, "" for a line without any. False, with
/// the reason in `complaint`, if the line can't be used. Context: anywhere.
[[nodiscard]] bool read_line(std::string_view line, std::string_view& rule, Writer& complaint);

/// Rules in memory that somebody else owns. Matching is for one thread at a time; reading `all()` is for any.
class Rules {
 public:
  static constexpr Size kMost = 4096;
  static constexpr Size kMostComplaints = 20;  ///< of one text

  constexpr Rules() = default;

  /// Puts the rules into `room` for `capacity` of them, which need not be initialised. Before any other call.
  constexpr void set_room(Rule* room, Size capacity) { room_ = room, capacity_ = capacity; }

  /// Adds the rules of `text`, which stays where it is, as `file`, too. Calls `complain(std::string_view)`
  /// for each line that can't be used, with the reason, "file:line: " before it and a line feed behind.
  template <typename Complain>
  void add(std::string_view text, std::string_view file, Complain complain);

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::span<Rule> all() { return {room_, size_}; }
  /// True if a rule has a condition on the source file, which may cost something to find out.
  [[nodiscard]] bool ask_for_source() const { return ask_for_source_; }

  /// A finding in hand: begin with its kind, show its frames while the rules are undecided, and ask which
  /// rule it meets.
  void begin(std::string_view kind);
  [[nodiscard]] bool undecided() const;
  void show(const Frame& frame);
  /// The first rule all of whose conditions are met; null if there is none.
  [[nodiscard]] Rule* met();

 private:
  [[nodiscard]] bool append(std::string_view rule, std::string_view file, std::uint32_t line);

  Rule* room_ = nullptr;
  Size capacity_ = 0;
  Size size_ = 0;
  bool ask_for_source_ = false;
};

template <typename Complain>
void Rules::add(std::string_view text, std::string_view file, Complain complain) {
  Size bad = 0;
  for (std::uint32_t line = 1; !text.empty(); ++line) {
    const Split lines = split(text, '\n');
    text = lines.tail;
    TextBuffer<2048> complaint;
    complaint.printable(first(file, 256)).text(":").decimal(line).text(": ");
    std::string_view rule;
    bool good = read_line(lines.head, rule, complaint);
    if (good && !rule.empty() && !append(rule, file, line)) {
      complaint.text("more than ").decimal(capacity_).text(" suppressions; this one and all after it are left out\n");
      return complain(complaint.view());
    }
    if (!good && ++bad <= kMostComplaints) complain(complaint.view());
  }
  if (bad <= kMostComplaints) return;
  TextBuffer<2048> rest;
  rest.printable(first(file, 256)).text(": ").decimal(bad - kMostComplaints).text(" more lines that can't be used\n");
  complain(rest.view());
}

}  // namespace fencepost::suppression
