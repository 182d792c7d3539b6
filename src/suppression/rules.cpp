#include "suppression/rules.h"

#include <new>

#include "diagnosis/wording.h"
#include "suppression/glob.h"
#include "suppression/plain_name.h"

namespace fencepost::suppression {

namespace {

constexpr Size kMostConditions = 31;
/// In `Rule::open`: the finding is of another kind.
constexpr std::uint32_t kOtherKind = std::uint32_t{1} << kMostConditions;

constexpr Size kNone = std::string_view::npos;

/// Enough of a word to find it by; messages have room for two, every byte of them written as four.
std::string_view shown(std::string_view word) { return first(word, 64); }

/// The next word of `rest`, "" at the end of the line or where a comment begins.
std::string_view take_word(std::string_view& rest) {
  rest = without_first(rest, std::min(rest.find_first_not_of(" \t\r"), rest.size()));
  if (rest.starts_with('#')) rest = {};
  const std::string_view word = first(rest, rest.find_first_of(" \t\r"));
  rest = without_first(rest, word.size());
  return word;
}

bool read_subject(std::string_view name, Subject& subject) {
  if (name == "kind")
    subject = Subject::kind;
  else if (name == "function")
    subject = Subject::function;
  else if (name == "module")
    subject = Subject::module;
  else if (name == "source")
    subject = Subject::source;
  else
    return false;
  return true;
}

/// Calls `each(condition)` for what one word says: nothing if it is no condition.
template <typename Each>
void read_word(std::string_view word, bool is_first, Each each) {
  const Size at = word.find_first_of("=:");
  const std::string_view head = first(word, at), pattern = without_first(word, head.size() + 1);
  Subject subject;
  if (at == kNone) {
    if (is_first) each({Subject::kind, word});
  } else if (word[at] == ':') {
    if (is_first && !head.empty() && !pattern.empty()) each({Subject::kind, head}), each({Subject::frame, pattern});
  } else if (read_subject(head, subject) && !pattern.empty()) {
    each({subject, pattern});
  }
}

/// Calls `each(condition, index)` for the conditions of a line that has been read.
template <typename Each>
void for_each_condition(std::string_view rule, Each each) {
  Size index = 0;
  bool is_first = true;
  for (std::string_view word = take_word(rule); !word.empty(); word = take_word(rule)) {
    read_word(word, is_first, [&](const Condition& condition) { each(condition, index++); });
    is_first = false;
  }
}

bool is_a_kind(std::string_view pattern) {
  for (int kind = 0; kind < record::kFindingKinds; ++kind) {
    if (matches(pattern, diagnosis::kind_name(static_cast<record::FindingKind>(kind)))) return true;
  }
  return false;
}

bool complain_about_kind(std::string_view pattern, Writer& complaint) {
  complaint.text("no kind of finding is '").printable(shown(pattern)).text("'; the kinds are");
  for (int kind = 0; kind < record::kFindingKinds; ++kind) {
    complaint.text(kind == 0 ? " " : ", ").text(diagnosis::kind_name(static_cast<record::FindingKind>(kind)));
  }
  complaint.text("\n");
  return false;
}

bool complain_about_word(std::string_view word, bool is_first, Writer& complaint) {
  const Size at = word.find_first_of("=:");
  Subject ignored;
  complaint.text("'").printable(shown(word)).text("' ");
  if (at != kNone && at + 1 == word.size()) {
    complaint.text("has no pattern");
  } else if (at != kNone && word[at] == '=' && !read_subject(first(word, at), ignored)) {
    complaint.text("asks for '")
        .printable(shown(first(word, at)))
        .text("'; it may ask for kind, function, module and source");
  } else if (is_first) {
    complaint.text("names no kind of finding");
  } else {
    complaint.text("is no condition: those after the first word are function=.., module=.., source=.. or kind=..");
  }
  complaint.text("\n");
  return false;
}

bool is_function(std::string_view pattern, const Frame& frame, std::string_view plain_name) {
  if (frame.function.empty() && frame.demangled.empty()) return false;
  return matches(pattern, frame.function) || matches(pattern, without_suffix(frame.function)) ||
         (!plain_name.empty() && matches(pattern, plain_name));
}

bool holds(const Condition& condition, const Frame& frame, std::string_view plain_name) {
  switch (condition.subject) {
    case Subject::kind: return false;
    case Subject::function: return is_function(condition.pattern, frame, plain_name);
    case Subject::module: return matches_path(condition.pattern, frame.module);
    case Subject::source: return matches_path(condition.pattern, frame.source);
    case Subject::frame: break;
  }
  return is_function(condition.pattern, frame, plain_name) || matches_path(condition.pattern, frame.module) ||
         matches_path(condition.pattern, frame.source);
}

}  // namespace

bool read_line(std::string_view line, std::string_view& rule, Writer& complaint) {
  rule = {};
  std::string_view rest = line;
  const char* begin = nullptr;
  const char* end = nullptr;
  Size conditions = 0;
  for (std::string_view word = take_word(rest); !word.empty(); word = take_word(rest)) {
    const bool is_first = begin == nullptr;
    if (is_first) begin = word.data();
    end = word.data() + word.size();
    const Size before = conditions;
    std::string_view bad_kind;
    read_word(word, is_first, [&](const Condition& condition) {
      ++conditions;
      if (condition.subject == Subject::kind && !is_a_kind(condition.pattern)) bad_kind = condition.pattern;
    });
    if (!bad_kind.empty()) return complain_about_kind(bad_kind, complaint);
    if (conditions == before) return complain_about_word(word, is_first, complaint);
  }
  if (conditions > kMostConditions) {
    complaint.text("more than ").decimal(kMostConditions).text(" conditions\n");
    return false;
  }
  if (begin != nullptr) rule = {begin, static_cast<Size>(end - begin)};
  return true;
}

bool Rules::append(std::string_view rule, std::string_view file, std::uint32_t line) {
  if (size_ == capacity_) return false;
  Rule* const added = new (room_ + size_) Rule;
  added->text = rule;
  added->file = file;
  added->line = line;
  ++size_;
  for_each_condition(rule, [&](const Condition& condition, Size) {
    if (condition.subject == Subject::source || condition.subject == Subject::frame) ask_for_source_ = true;
  });
  return true;
}

void Rules::begin(std::string_view kind) {
  for (Rule& rule : all()) {
    rule.open = 0;
    for_each_condition(rule.text, [&](const Condition& condition, Size index) {
      if (condition.subject != Subject::kind) {
        rule.open |= std::uint32_t{1} << index;
      } else if (!matches(condition.pattern, kind)) {
        rule.open |= kOtherKind;
      }
    });
  }
}

bool Rules::undecided() const {
  for (const Rule& rule : std::span(room_, size_)) {
    if (rule.open != 0 && rule.open < kOtherKind) return true;
  }
  return false;
}

void Rules::show(const Frame& frame) {
  TextBuffer<512> plain_name;
  const bool readable =
      frame.demangled.empty() && write_plain_name(frame.function, plain_name) && !plain_name.truncated();
  const std::string_view name = readable ? plain_name.view() : frame.demangled;
  for (Rule& rule : all()) {
    if (rule.open == 0 || rule.open >= kOtherKind) continue;
    for_each_condition(rule.text, [&](const Condition& condition, Size index) {
      const std::uint32_t bit = std::uint32_t{1} << index;
      if ((rule.open & bit) != 0 && holds(condition, frame, name)) rule.open &= ~bit;
    });
  }
}

Rule* Rules::met() {
  for (Rule& rule : all()) {
    if (rule.open == 0) return &rule;
  }
  return nullptr;
}

}  // namespace fencepost::suppression
