#include "render/kinds.h"

#include <algorithm>
#include <iterator>
#include <sstream>

#include "diagnosis/wording.h"

namespace fencepost::render {

namespace {

using findings::Finding;

constexpr Kind kKinds[] = {
    {"heap-buffer-overflow", "Access past the end of a heap block",
     "compare the index or length at the access with the size given at the allocation", 788},
    {"heap-buffer-underflow", "Access before the start of a heap block",
     "look for an index that is negative, or a pointer that was moved back too far", 786},
    {"use-after-free", "Use of a freed heap block",
     "whoever frees the block must tell those who still point to it: compare the trace of the release with "
     "the error's",
     416},
    {"double-free", "Second release of a heap block",
     "both releases believe to own the block: let one of them own it, or clear the pointer after the first", 415},
    {"invalid-free", "Release of what is no heap block",
     "free exactly the pointer that the allocation returned, and nothing else", 590},
    {"mismatched-deallocation", "Release by a function that does not go with the allocation",
     "pair malloc with free, new with delete, new[] with delete[], and give both the same alignment", 762},
    {"mismatched-size", "Release with another size than the allocation's",
     "look for a delete through a base class without a virtual destructor, or through a pointer of another "
     "type",
     762},
    {"slack-overwritten", "Write next to a heap block",
     "a watchpoint on the changed bytes stops at the instruction that writes them", 787},
    {"allocation-size-overflow", "Allocation of an impossible size",
     "look for a negative length, a subtraction that went below zero, or a product that was not checked", 789},
    {"invalid-alignment", "Allocation at an impossible alignment",
     "give a power of two; posix_memalign wants a multiple of sizeof(void*) as well", 628},
    {"stack-overflow", "Stack used up", "look for a recursion that does not end, or for large local variables", 674},
    {"wild-access", "Access to memory of nobody",
     "look where the pointer came from: never set, overwritten, or calculated wrongly", 822},
    {"bad-syscall-buffer", "System call on memory of no live block",
     "compare the length given to the call with the size given at the allocation", 119},
};

constexpr std::string_view kHint = "Hint: ";

/// Once, and without the word that the text report begins it with.
void add_hint(std::vector<std::string>& hints, std::string_view line) {
  if (line.starts_with(kHint)) line.remove_prefix(kHint.size());
  if (!line.empty() && std::find(hints.begin(), hints.end(), line) == hints.end()) hints.emplace_back(line);
}

/// The table of wording that the runtime has as well.
std::string_view known_explanation(std::string_view name) {
  for (int number = 0; number < record::kFindingKinds; ++number) {
    const auto kind = static_cast<record::FindingKind>(number);
    if (diagnosis::kind_name(kind) == name) return diagnosis::explanation(kind);
  }
  return {};
}

}  // namespace

std::span<const Kind> kinds() { return kKinds; }

const Kind* find_kind(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kKinds), std::end(kKinds), [&](const Kind& kind) { return kind.name == name; });
  return found == std::end(kKinds) ? nullptr : found;
}

std::string explanation_of(const Finding& finding) {
  return finding.explanation.empty() ? std::string(known_explanation(finding.kind)) : finding.explanation;
}

std::vector<std::string> hints_of(const Finding& finding) {
  std::vector<std::string> hints;
  std::istringstream own(finding.hint);
  for (std::string line; std::getline(own, line);) add_hint(hints, line);
  for (const std::string& line : finding.place) {
    if (line.starts_with(kHint)) add_hint(hints, line);
  }
  const Kind* const kind = find_kind(finding.kind);
  if (hints.empty() && kind != nullptr) hints.emplace_back(kind->advice);
  return hints;
}

std::vector<std::string> place_of(const Finding& finding) {
  std::vector<std::string> lines;
  std::copy_if(finding.place.begin(), finding.place.end(), std::back_inserter(lines),
               [](const std::string& line) { return !line.starts_with(kHint); });
  return lines;
}

}  // namespace fencepost::render
