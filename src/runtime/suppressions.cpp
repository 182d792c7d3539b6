// Suppressions: where they come from, and what came of them.
#include "base/text.h"
#include "os/file.h"
#include "os/pages.h"
#include "os/process.h"
#include "runtime/runtime.h"

// A program that links the library statically may define its own suppressions; those of the option are added.
extern "C" [[gnu::weak]] const char* fencepost_default_suppressions();

namespace fencepost::runtime {

namespace {

constexpr Size kLargestFile = Size{1} << 20;

void complain(std::string_view text) {
  TextBuffer<2200> message;
  message.text("suppressions: ").text(text);
  instance().say(message.view());
}

void complain_about_file(std::string_view path, std::string_view what) {
  TextBuffer<2048> message;
  message.printable(first(path, 256)).text(": ").text(what).text("\n");
  complain(message.view());
}

/// The text of a file, in memory of its own that stays; "" if there is none, which has then been told.
std::string_view read_text(std::string_view path) {
  TextBuffer<1024> terminated;
  terminated.text(path).text({"\0", 1});
  os::File file(terminated.view().data());
  if (!file.is_open())
    return complain_about_file(path, "can't be opened; its suppressions don't hold"), std::string_view();
  const Range room = os::map_memory(kLargestFile + kPageSize);
  if (room.empty()) return complain_about_file(path, "there is no memory to read it"), std::string_view();
  auto* const text = reinterpret_cast<char*>(room.begin);
  Size size = 0;
  if (!file.read_all(text, kLargestFile + 1, size)) complain_about_file(path, "can't be read");
  if (size <= kLargestFile) return {text, size};
  complain_about_file(path, "is larger than 1 MiB; what follows does not hold");
  return first({text, kLargestFile}, std::string_view(text, kLargestFile).rfind('\n'));
}

}  // namespace

void Runtime::read_suppressions() {
  if (options_.print_suppressions == options::Switch::on) reporter_.print_suppressions();
  const char* const own = fencepost_default_suppressions == nullptr ? nullptr : fencepost_default_suppressions();
  // Whoever starts a set-user-ID program may choose the folder that a path begins at.
  std::string_view paths = os::runs_with_raised_rights() ? std::string_view() : options_.suppressions.view();
  if (own == nullptr && paths.empty()) return;
  constexpr Size kMost = suppression::Rules::kMost;
  auto* const room = static_cast<suppression::Rule*>(storage_.allocate(kMost * sizeof(suppression::Rule)));
  if (room == nullptr) return complain("there is no memory for them\n");
  suppressions_.set_room(room, kMost);
  if (own != nullptr) suppressions_.add(own, "fencepost_default_suppressions", complain);
  while (!paths.empty()) {
    const Split files = split(paths, ',');
    if (!files.head.empty()) suppressions_.add(read_text(files.head), files.head, complain);
    paths = files.tail;
  }
  if (!suppressions_.empty()) reporter_.suppressor().set_rules(suppressions_);
}

/// Which suppressions were used, and with verbosity=2 those too that were not.
void Runtime::tell_suppressed() {
  for (const suppression::Rule& rule : suppressions_.all()) {
    const std::uint64_t uses = rule.uses.load(std::memory_order_relaxed);
    if (uses == 0 && options_.verbosity < 2) continue;
    TextBuffer<3500> message;
    message.text("suppressed ").decimal(uses).text(uses == 1 ? " finding by " : " findings by ");
    message.printable(first(rule.file, 256)).text(":").decimal(rule.line).text(": ");
    message.printable(first(rule.text, 512)).text("\n");
    say(message.view());
  }
}

}  // namespace fencepost::runtime
