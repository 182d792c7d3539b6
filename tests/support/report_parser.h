// Text reports, taken apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fencepost::support {

struct Thread {
  std::string number;  ///< "T0"
  std::string name;    ///< "" if it has none
};

struct Trace {
  bool present = false;
  Thread thread;                    ///< of an allocation or a free
  std::string api;                  ///< "malloc"
  std::vector<std::string> frames;  ///< function names, innermost first; "?" where none was known
};

struct Place {
  std::string relation;  ///< "before", "inside" or "after"; "" if the report names no block
  std::uint64_t distance = 0;
  std::uint64_t block_size = 0;
  bool freed = false;

  bool operator==(const Place&) const = default;
};

struct Report {
  int pid = 0;
  std::string kind;      ///< "heap-buffer-overflow"
  bool warning = false;  ///< the program goes on
  bool address_known = false;
  std::uint64_t address = 0;
  std::string action;  ///< "READ", "WRITE", "EXECUTE", "free", "found by exit"
  std::string call;    ///< of a bad buffer: "read, argument 2"
  std::uint64_t buffer_begin = 0;
  std::uint64_t buffer_end = 0;
  Thread thread;  ///< of the error
  Place place;
  std::uint64_t block_begin = 0;
  std::uint64_t block_end = 0;
  std::uint64_t slack_changed = 0;  ///< bytes
  std::vector<std::string> slack_bytes;
  std::string elsewhere;         ///< what an address of no known block is: "not mapped"
  std::uint64_t folded = 0;      ///< frames of the error's trace that are left out
  std::string folded_functions;  ///< "f -> g"
  std::string mismatch;          ///< why a release does not go with the allocation
  std::vector<std::string> hints;
  Trace error;
  Trace allocation;
  Trace release;
  Trace creation;       ///< of the thread that erred; its frames are where pthread_create was called
  std::string summary;  ///< the last line, whole
};

/// All reports in a program's error output, in order. Lines of nobody's are skipped. A report that is not
/// whole has no summary. Throws std::runtime_error for a line that looks like a report's but can't be read.
[[nodiscard]] std::vector<Report> parse_reports(std::string_view text);

/// The lines that Fencepost says besides reports, without "==pid==Fencepost: ".
[[nodiscard]] std::vector<std::string> parse_messages(std::string_view text);

}  // namespace fencepost::support
