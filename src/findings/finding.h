// One finding as the tools see it: what the program under test wrote as a JSON line (see README.md), and what
// the symbolizer and the merge add to it. Plain data; an empty string or vector, or no value, means "not
// said".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fencepost::findings {

struct Process {
  std::int64_t pid = 0;
  std::int64_t parent = 0;
  std::string name;
  std::string executable;  ///< path

  bool operator==(const Process&) const = default;
};

struct Thread {
  std::uint32_t id = 0;  ///< T0 is the main thread
  std::string name;

  bool operator==(const Thread&) const = default;
};

/// A place in the source. Several belong to one address where functions were inlined.
struct SourceFrame {
  std::string function;  ///< demangled
  std::string file;
  unsigned line = 0;     ///< from 1; 0: not known
  unsigned column = 0;   ///< from 1; 0: not known
  bool inlined = false;  ///< into the next one

  bool operator==(const SourceFrame&) const = default;
};

struct Frame {
  std::uint64_t pc = 0;      ///< the faulting instruction, or one byte before a return address
  std::string module;        ///< path; empty: code of no module
  std::uint64_t offset = 0;  ///< from the module's load bias
  std::string build_id;      ///< hexadecimal
  std::string function;      ///< the raw symbol of the symbol table
  bool unloaded = false;     ///< the module was gone when the report was written
  // The module's file as the process saw it.
  std::optional<std::uint64_t> module_inode;
  std::optional<std::uint64_t> module_size;  ///< in bytes
  std::optional<std::int64_t> module_mtime;  ///< seconds since 1970
  // What the symbolizer adds.
  std::vector<SourceFrame> source;  ///< the innermost inlined function first
  std::string note;                 ///< for example why there is no source

  bool operator==(const Frame&) const = default;
};

/// The middle of a recursion, which is counted instead of listed.
struct Folded {
  std::uint64_t after = 0;  ///< frames before it in the list
  std::uint64_t count = 0;  ///< frames left out
  std::vector<std::string> functions;
  bool complete = false;  ///< the walk came to the thread's first frame

  bool operator==(const Folded&) const = default;
};

struct Trace {
  std::string role;  ///< "error", "freed", "allocated" or "created"
  Thread thread;     ///< of `created`: the creator
  std::string with;  ///< the function that freed or allocated
  std::vector<Frame> frames;
  std::optional<Folded> folded;
  std::uint64_t frames_left_out = 0;  ///< at the end, for want of room in the line

  bool operator==(const Trace&) const = default;
};

struct SystemCall {
  std::string name;
  unsigned argument = 0;    ///< from 1
  std::uint64_t begin = 0;  ///< the memory that the argument named
  std::uint64_t end = 0;

  bool operator==(const SystemCall&) const = default;
};

/// What a call said, where that is what is wrong.
struct Stated {
  std::optional<std::uint64_t> size;  ///< in bytes
  std::optional<std::uint64_t> count;
  std::optional<std::uint64_t> alignment;  ///< in bytes

  bool operator==(const Stated&) const = default;
};

struct Block {
  std::uint64_t address = 0;
  std::uint64_t size = 0;  ///< in bytes
  std::string state;       ///< "live" or "freed"
  // The pages that are, or were, open. The fences are the page before and those from the end on.
  std::optional<std::uint64_t> data_begin;
  std::optional<std::uint64_t> data_end;

  [[nodiscard]] std::uint64_t end() const { return address + size; }
  bool operator==(const Block&) const = default;
};

/// Bytes that lost their pattern.
struct Damage {
  std::uint64_t begin = 0;  ///< the first changed byte
  std::uint64_t end = 0;    ///< one past the last
  std::uint64_t count = 0;  ///< of bytes that differ
  std::uint8_t pattern = 0;
  std::vector<std::uint8_t> bytes;  ///< from `begin` on, at most 16

  bool operator==(const Damage&) const = default;
};

/// The faulting instruction.
struct Instruction {
  std::vector<std::uint8_t> bytes;  ///< up to 15 from the pc on: more than the instruction
  std::map<std::string, std::uint64_t> registers;

  bool operator==(const Instruction&) const = default;
};

struct Finding {
  std::string kind;      ///< one of the stable names, such as "use-after-free"
  std::string severity;  ///< "error" or "warning"
  bool goes_on = false;  ///< the process survived
  Process process;
  std::int64_t time = 0;  ///< milliseconds since 1970, UTC

  // The sentences of the text report.
  std::string headline;
  std::string action;
  std::vector<std::string> place;  ///< one entry per line
  std::string explanation;
  std::string hint;

  std::string event;
  std::string access;  ///< "read", "write" or "execute"
  std::optional<std::uint64_t> address;
  std::optional<std::uint64_t> pc;
  std::optional<std::uint64_t> sp;
  std::optional<int> signal;
  Thread thread;
  std::string function;  ///< the heap's function that was called, or that found the change
  std::optional<SystemCall> system_call;
  std::optional<Stated> stated;
  bool expired = false;                   ///< a freed block has to do with it, of which nothing is known any more
  std::string relation;                   ///< of the address to the block: "before", "inside" or "after"
  std::optional<std::uint64_t> distance;  ///< in bytes
  std::optional<Block> block;
  std::optional<Damage> damage;
  std::optional<Instruction> instruction;
  std::string suppressions;   ///< lines that would suppress it, ready for a file of them
  std::vector<Trace> traces;  ///< in the order of the text report

  // What merging adds.
  std::uint64_t count = 1;         ///< how often it was found
  std::string fingerprint;         ///< see fingerprint.h
  std::vector<Process> processes;  ///< in which it was found, each once; empty: only in `process`

  /// Fields that this version doesn't know, as a JSON object's text, so that they are not lost.
  std::string other;

  /// The first trace of that role, or null.
  [[nodiscard]] const Trace* trace(const char* role) const {
    for (const Trace& each : traces) {
      if (each.role == role) return &each;
    }
    return nullptr;
  }
  bool operator==(const Finding&) const = default;
};

}  // namespace fencepost::findings
