// What a one-bug program must be found out for.
#pragma once

#include <string>
#include <vector>

#include "endtoend/flavours.h"
#include "support/report_parser.h"

namespace fencepost::endtoend {

/// Function names, innermost first, of the beginning of a trace. "*" is any one frame, "..." any number of
/// them.
using Frames = std::vector<std::string>;

inline constexpr const char* kDiesOfFault = "signal 11";
inline constexpr const char* kDiesOfBusError = "signal 7";
inline constexpr const char* kAborts = "signal 6";
/// It goes on after the report.
inline constexpr const char* kGoesOn = "exit 0";

struct Bug {
  std::string program = {};
  std::vector<std::string> arguments = {};  ///< of the program
  std::string kind = {};
  std::string action = {};    ///< "READ", "WRITE", "free", "found by exit"
  std::string call = {};      ///< "read, argument 2", if it is about a buffer of a system call's
  support::Place place = {};  ///< in bytes, seen from the block
  Frames error = {};
  Frames allocation = {};
  Frames release = {};  ///< empty: the report must not speak of a free
  std::string ending = kDiesOfFault;
  std::string thread = "T0";  ///< "T1 (indexer)"; without a name it has that of the program; "T*": any
  std::string allocated_by = "T0";
  std::string freed_by = "T0";
  std::string allocated_with = "malloc";
  std::string freed_with = "free";
  std::string elsewhere = {};           ///< a part of what the address is if it is of no block
  std::string folded = {};              ///< the functions of the frames that are left out: "f -> g"
  std::string mismatch = {};            ///< why the release does not go with the allocation
  std::string hint = {};                ///< a part of one of the hints
  std::vector<std::string> bytes = {};  ///< the changed ones of slack, from the first on
  std::size_t changed = 0;              ///< how many of them there are
  std::string options = {};
  bool late = false;      ///< run only with fence=batch, on the engines that do: it is found afterwards
  bool in_child = false;  ///< a child of the program fails, and the program tells how it died
};

[[nodiscard]] inline support::Place before(std::uint64_t distance, std::uint64_t size) {
  return {"before", distance, size, false};
}
[[nodiscard]] inline support::Place inside(std::uint64_t distance, std::uint64_t size) {
  return {"inside", distance, size, false};
}
[[nodiscard]] inline support::Place after(std::uint64_t distance, std::uint64_t size) {
  return {"after", distance, size, false};
}
[[nodiscard]] inline support::Place start_of(std::uint64_t size) { return inside(0, size); }
[[nodiscard]] inline support::Place freed(support::Place place) {
  place.freed = true;
  return place;
}
/// The address is of no block.
[[nodiscard]] inline support::Place nowhere() { return {}; }

/// True if `frames` begins as `expected` says.
[[nodiscard]] bool begins_with(const std::vector<std::string>& frames, const Frames& expected);

/// Runs the program on every engine and flavour, and checks that there is exactly this one report.
void check_bug(const Bug& bug);
void check_bug(const Bug& bug, const std::vector<Setting>& settings);

}  // namespace fencepost::endtoend
