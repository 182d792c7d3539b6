// Every kind of finding, read and write, in C and in C++, on the main thread, on another one and in a forked child.
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <sstream>

#include "endtoend/bug.h"
#include "support/temporary_directory.h"

namespace fencepost::endtoend {
namespace {

struct Language {
  const char* name;
  const char* program;
  const char* allocates;  ///< what the program allocates with, where the kind leaves it the choice
  const char* frees;
};

constexpr Language kC{"C", "every_error_in_c", "malloc", "free"};
constexpr Language kCpp{"C++", "every_error_in_cpp", "operator new[]", "operator delete[]"};

/// What a program is told to do, and the report of it on its main thread.
struct Error {
  std::string kind;    ///< the program's first argument: that of the report, and which of them
  std::string access;  ///< the second: "read", "write", or "call" where there is no such choice
  Bug bug;

  [[nodiscard]] std::string place() const;
};

/// In words, for the README.
std::string Error::place() const {
  if (!bug.mismatch.empty()) return bug.mismatch;
  if (bug.place.block_size == 0) return bug.hint.empty() ? bug.elsewhere : bug.hint;
  const std::string block = (bug.place.freed ? "freed " : "") + std::to_string(bug.place.block_size) + "-byte block";
  if (bug.place == freed(start_of(bug.place.block_size))) return "the start of " + block;
  const std::string bytes = bug.place.distance == 1 ? " byte " : " bytes ";
  return std::to_string(bug.place.distance) + bytes + bug.place.relation + " " + block;
}

Error fault(const char* kind, const char* access, const char* function, support::Place place, const Language& in) {
  Bug bug{.action = access == std::string("read") ? "READ" : "WRITE", .place = place, .error = {function}};
  bug.allocation = {function};
  bug.allocated_with = in.allocates;
  if (place.freed) bug.release = {function};
  bug.freed_with = in.frees;
  return {kind, access, bug};
}

/// Found by a call that frees the block.
Error at_release(const char* kind, const char* function, support::Place place, const Language& in, Bug bug = {}) {
  if (bug.action.empty()) bug.action = in.frees;
  bug.place = place;
  bug.error = bug.allocation = {function};
  if (place.freed) bug.release = {function};
  if (bug.allocated_with == "malloc") bug.allocated_with = in.allocates;
  bug.freed_with = in.frees;
  bug.ending = kAborts;
  return {kind, "call", bug};
}

Error of_slack(const char* kind, const char* function, support::Place place, const Language& in) {
  Error error = at_release(kind, function, place, in, {.action = std::string("found by ") + in.frees});
  error.access = "write";
  error.bug.changed = 1;
  return error;
}

Error of_system_call(const char* access, const char* call, const Language& in) {
  Error error = fault("bad-syscall-buffer", access, "bad_syscall_buffer", after(0, 32), in);
  error.bug.call = call;
  error.bug.ending = kGoesOn;
  return error;
}

Error warning(const char* kind, const char* function, const char* action, const char* hint) {
  return {kind, "call", {.action = action, .error = {function}, .ending = kGoesOn, .hint = hint}};
}

Error of_stack(const char* access) {
  const char* const action = access == std::string("read") ? "READ" : "WRITE";
  return {"stack-overflow",
          access,
          {.action = action, .error = {"recurse", "recurse"}, .elsewhere = "below the stack", .folded = "recurse"}};
}

Error elsewhere(const char* access) {
  const char* const action = access == std::string("read") ? "READ" : "WRITE";
  return {"wild-access", access, {.action = action, .error = {"wild_access"}, .hint = "nothing is mapped there"}};
}

std::vector<Error> those_of_c() {
  return {
      at_release("mismatched-deallocation", "mismatched_deallocation", start_of(128), kC,
                 {.action = "free_sized",
                  .allocated_with = "aligned_alloc",
                  .mismatch = "free frees what aligned_alloc allocates, not free_sized"}),
      at_release("mismatched-size", "mismatched_size", start_of(48), kC,
                 {.action = "free_sized", .mismatch = "freed with a size of 47, but allocated with one of 48"}),
      warning("allocation-size-overflow", "allocation_size_overflow", "malloc of 18446744073709551574 bytes",
              "as a signed number that is -42"),
      warning("invalid-alignment", "invalid_alignment", "aligned_alloc of 100 bytes at a multiple of 24",
              "an alignment is a power of two"),
  };
}

std::vector<Error> those_of_cpp() {
  return {
      at_release("mismatched-deallocation", "mismatched_deallocation", start_of(48), kCpp,
                 {.action = "free", .mismatch = "operator delete[] frees what operator new[] allocates, not free"}),
      at_release("mismatched-size", "mismatched_size", start_of(48), kCpp,
                 {.action = "operator delete",
                  .allocated_with = "operator new",
                  .mismatch = "freed with a size of 47, but allocated with one of 48"}),
      warning("allocation-size-overflow", "allocation_size_overflow", "operator new of 18446744073709551574 bytes",
              "as a signed number that is -42"),
      warning("invalid-alignment", "invalid_alignment", "aligned operator new of 100 bytes at a multiple of 24",
              "an alignment is a power of two"),
  };
}

std::vector<Error> all_errors(const Language& in) {
  std::vector<Error> errors;
  for (const char* const access : {"read", "write"}) {
    errors.push_back(fault("heap-buffer-overflow", access, "heap_buffer_overflow", after(0, 48), in));
    errors.push_back(fault("heap-buffer-underflow", access, "heap_buffer_underflow", before(1, 4096), in));
    errors.push_back(fault("use-after-free", access, "use_after_free", freed(inside(5, 48)), in));
    errors.push_back(of_stack(access));
    errors.push_back(elsewhere(access));
  }
  errors.push_back(of_system_call("read", "write, argument 2", in));
  errors.push_back(of_system_call("write", "read, argument 2", in));
  errors.push_back(at_release("double-free", "double_free", freed(start_of(48)), in));
  errors.push_back(at_release("invalid-free", "invalid_free", inside(16, 48), in));
  errors.push_back(of_slack("slack-overwritten", "slack_after", after(0, 13), in));
  errors.push_back(of_slack("slack-overwritten before", "slack_before", before(1, 13), in));
  for (Error& error : in.program == kC.program ? those_of_c() : those_of_cpp()) errors.push_back(std::move(error));
  return errors;
}

/// The same where the third argument says.
Bug bug_of(const Error& error, const Language& in, const std::string& where) {
  Bug bug = error.bug;
  bug.program = in.program;
  bug.arguments = {error.kind, error.access, where};
  bug.kind = error.kind.substr(0, error.kind.find(' '));
  const bool one_frame = bug.error.size() == 1;  // a recursion is folded before it comes to those outside of it
  if (one_frame) bug.error.push_back("run");
  if (one_frame && where != "thread") bug.error.push_back(where == "main" ? "main" : "run_in_child");
  if (where == "thread") bug.thread = bug.allocated_by = bug.freed_by = "T1";
  if (where == "child") {
    bug.in_child = true;
    if (bug.ending == kDiesOfFault) bug.ending = "exit 11";
    if (bug.ending == kAborts) bug.ending = "exit 6";
  }
  return bug;
}

void check_all(const Language& in) {
  for (const Error& error : all_errors(in)) {
    for (const char* const where : {"main", "thread", "child"}) check_bug(bug_of(error, in, where));
  }
}

TEST_CASE("every kind of error in C, wherever it happens", "[every_error_in_c]") { check_all(kC); }
TEST_CASE("every kind of error in C++, wherever it happens", "[every_error_in_cpp]") { check_all(kCpp); }

/// The table in programs/README.md.
std::string table() {
  std::ostringstream text;
  const std::vector<Error> in_c = all_errors(kC);
  const std::vector<Error> in_cpp = all_errors(kCpp);
  for (std::size_t i = 0; i < in_c.size(); ++i) {
    const Error& c = in_c[i];
    const Error& cpp = in_cpp.at(i);
    text << "| " << c.kind << " | " << c.access << " | " << c.bug.action << ": " << c.place() << " | ";
    text << cpp.bug.action << ": " << cpp.place() << " |\n";
  }
  return text.str();
}

TEST_CASE("the README tells which errors these are", "[programs]") {
  const std::filesystem::path tests = FENCEPOST_TESTS_SOURCE;
  INFO(table());
  CHECK(support::read_file(tests / "programs" / "README.md").find(table()) != std::string::npos);
}

TEST_CASE("there is no kind of error that is not among them", "[programs]") {
  const std::filesystem::path tests = FENCEPOST_TESTS_SOURCE;
  std::istringstream lines(support::read_file(tests.parent_path() / "README.md"));
  std::set<std::string> kinds;
  for (std::string line; line != "## What it finds" && std::getline(lines, line);) continue;
  for (std::string line; std::getline(lines, line) && !line.starts_with("## ");) {
    if (line.starts_with("| `")) kinds.insert(line.substr(3, line.find('`', 3) - 3));
  }
  for (const Language& in : {kC, kCpp}) {
    std::set<std::string> shown;
    for (const Error& error : all_errors(in)) shown.insert(error.kind.substr(0, error.kind.find(' ')));
    CHECK(shown == kinds);
  }
  CHECK(kinds.size() == 13);
}

}  // namespace
}  // namespace fencepost::endtoend
