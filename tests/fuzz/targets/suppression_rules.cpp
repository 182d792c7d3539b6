// Suppressions: their lines, patterns against a slower matcher, names of C++ symbols, and lines that reports
// offer.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "property.h"
#include "suppression/glob.h"
#include "suppression/plain_name.h"
#include "suppression/ready_made.h"
#include "suppression/rules.h"

using namespace fencepost;
using namespace fencepost::suppression;
using fuzz::must_hold;

namespace {

/// By the book: which beginnings of the text the pattern stands for, one byte of it after the other.
bool matches_slowly(std::string_view pattern, std::string_view text) {
  std::vector<bool> reached(text.size() + 1);
  reached[0] = true;
  for (const char c : pattern) {
    std::vector<bool> next(text.size() + 1);
    for (std::size_t at = 0; at <= text.size(); ++at) {
      const bool stays = c == '*' && (reached[at] || (at > 0 && next[at - 1]));
      const bool advances = c != '*' && at > 0 && reached[at - 1] && (c == '?' || c == text[at - 1]);
      next[at] = stays || advances;
    }
    reached = next;
  }
  return reached[text.size()];
}

struct File {
  explicit File(std::string text, Size capacity) : content(std::move(text)), room(new Rule[capacity]) {
    rules.set_room(room.get(), capacity);
    rules.add(content, "file", [this](std::string_view complaint) {
      must_hold(complaint.starts_with("file:") && complaint.ends_with('\n'), "complaints are lines that name the file");
      const auto strange = [](char c) { return c < 0x20 || c > 0x7e; };
      must_hold(std::none_of(complaint.begin(), complaint.end() - 1, strange), "complaints are printable");
      ++complaints;
    });
  }

  std::string content;
  std::unique_ptr<Rule[]> room;
  Rules rules;
  Size complaints = 0;
};

void check_lines(const std::string& text, const std::vector<Frame>& frames) {
  constexpr Size kRoom = 16;
  File file(text, kRoom);
  must_hold(file.rules.all().size() <= kRoom, "there are no more rules than room");
  must_hold(file.complaints <= Rules::kMostComplaints + 2, "complaints are bounded");
  for (const Rule& rule : file.rules.all()) {
    TextBuffer<1024> complaint;
    std::string_view again;
    must_hold(read_line(rule.text, again, complaint) && again == rule.text,
              "what was kept is a good line, and all of it");
  }
  file.rules.begin("double-free");
  for (const Frame& frame : frames) file.rules.show(frame);
  if (Rule* const met = file.rules.met()) {
    File alone(std::string(met->text), 1);
    alone.rules.begin("double-free");
    for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame) alone.rules.show(*frame);
    must_hold(alone.rules.met() != nullptr, "a rule holds without the others, and in any order of frames");
  }
}

void check_name(std::string_view symbol) {
  TextBuffer<64> small;
  TextBuffer<4096> large;
  const bool readable = write_plain_name(symbol, large);
  must_hold(write_plain_name(symbol, small) == readable, "room does not decide what can be read");
  must_hold(large.view().starts_with(small.view()), "little room holds the beginning");
  must_hold(symbol.starts_with(without_suffix(symbol)), "without its suffix a symbol is its beginning");
}

void check_ready_made(const std::vector<Frame>& frames) {
  TextBuffer<4096> line;
  write_ready_made(line, "double-free", frames);
  File file(std::string(line.view()), 1);
  must_hold(file.complaints == 0 && file.rules.all().size() == 1, "what is offered is one good line");
  file.rules.begin("double-free");
  for (const Frame& frame : frames) file.rules.show(frame);
  must_hold(file.rules.met() != nullptr, "what is offered suppresses what it was made for");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Pieces of their own memory, so that ASan sees a byte beyond.
  std::vector<std::string> pieces(1);
  for (std::size_t i = 0; i < size; ++i) {
    if (data[i] == 0 && pieces.size() < 8)
      pieces.emplace_back();
    else
      pieces.back().push_back(static_cast<char>(data[i]));
  }
  pieces.resize(8);
  const std::vector<Frame> frames = {{.function = pieces[1], .module = pieces[2], .source = pieces[3]},
                                     {.function = pieces[4], .module = pieces[5]},
                                     {.function = pieces[6], .demangled = pieces[7]}};
  check_lines(pieces[0], frames);
  check_ready_made(frames);
  for (const std::string& piece : pieces) check_name(piece);
  const std::string_view pattern = pieces[1], text = pieces[2];
  if (pattern.size() * text.size() <= 1 << 16) {
    must_hold(matches(pattern, text) == matches_slowly(pattern, text), "patterns match as the slower matcher says");
  }
  return 0;
}
