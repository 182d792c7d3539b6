#include "support/report_parser.h"

#include <regex>
#include <sstream>
#include <stdexcept>

namespace fencepost::support {

namespace {

std::uint64_t number(const std::string& text) { return std::stoull(text, nullptr, 0); }

/// Reads line by line; each function below takes one kind of line and returns false for any other.
class Parser {
 public:
  void line(const std::string& line) {
    if (headline(line)) return;
    if (reports_.empty() || whole()) return;
    if (frame(line) || fold(line) || trace_title(line) || creation_title(line) || place(line) || slack(line) ||
        slack_bytes(line) || mismatch(line) || elsewhere(line) || hint(line) || summary(line) || system_call(line) ||
        request(line) || action(line)) {
      return;
    }
  }

  std::vector<Report> take() { return std::move(reports_); }

 private:
  Report& report() { return reports_.back(); }
  [[nodiscard]] bool whole() const { return !reports_.back().summary.empty(); }

  bool headline(const std::string& line) {
    static const std::regex pattern(
        R"(.*==(\d+)==(ERROR|WARNING): Fencepost: ([a-z-]+)(?: on unknown address| on address (0x[0-9a-f]+))? at pc 0x[0-9a-f]+ sp 0x[0-9a-f]+)");
    std::smatch m;
    if (!std::regex_match(line, m, pattern)) {
      if (line.find("ERROR: Fencepost") != std::string::npos) throw std::runtime_error("unreadable: " + line);
      return false;
    }
    reports_.emplace_back();
    report().pid = std::stoi(m[1]);
    report().warning = m[2] == "WARNING";
    report().kind = m[3];
    report().address_known = m[4].matched;
    if (m[4].matched) report().address = number(m[4]);
    trace_ = &Report::error;
    return true;
  }

  bool request(const std::string& line) {
    static const std::regex pattern(
        R"(([a-z_]+[a-z\[\] ]* of (?:too many elements|(?:\d+ times )?\d+ bytes?(?: at a multiple of \d+)?)) thread (T\d+)(?: \((.*)\))?)");
    std::smatch m;
    if (!report().action.empty() || !std::regex_match(line, m, pattern)) return false;
    report().action = m[1];
    report().thread = {m[2], m[3]};
    return true;
  }

  bool action(const std::string& line) {
    static const std::regex pattern(
        R"((READ|WRITE|EXECUTE|ACCESS|[a-z_]+[a-z\[\] ]*|found by [a-z_]+[a-z\[\] ]*?)(?: of size \d+)?(?: at| of)?(?: 0x[0-9a-f]+| an unknown address)? thread (T\d+)(?: \((.*)\))?)");
    std::smatch m;
    if (!report().action.empty() || !std::regex_match(line, m, pattern)) return false;
    report().action = m[1];
    for (const char* const end : {" of", " at"}) {
      if (report().action.ends_with(end)) report().action.resize(report().action.size() - 3);
    }
    report().thread = {m[2], m[3]};
    return true;
  }

  bool system_call(const std::string& line) {
    static const std::regex pattern(
        R"((READ|WRITE) at 0x[0-9a-f]+ by ([a-z_0-9]+, argument [1-9]) \[(0x[0-9a-f]+),(0x[0-9a-f]+)\) thread (T\d+)(?: \((.*)\))?)");
    std::smatch m;
    if (!report().action.empty() || !std::regex_match(line, m, pattern)) return false;
    report().action = m[1];
    report().call = m[2];
    report().buffer_begin = number(m[3]);
    report().buffer_end = number(m[4]);
    report().thread = {m[5], m[6]};
    return true;
  }

  bool frame(const std::string& line) {
    static const std::regex pattern(R"(    #(\d+) 0x[0-9a-f]+(?: in (.+?))? (?:\(.*\)|\S+:\d+(?::\d+)?))");
    std::smatch m;
    if (line == "    (no trace)") return true;
    if (!std::regex_match(line, m, pattern)) return false;
    std::vector<std::string>& frames = (report().*trace_).frames;
    const bool is_error = trace_ == &Report::error;
    if (std::stoul(m[1]) != frames.size() + (is_error ? report().folded : 0))
      throw std::runtime_error("frames out of order: " + line);
    frames.push_back(m[2].matched ? m[2].str() : "?");
    (report().*trace_).present = true;
    return true;
  }

  bool fold(const std::string& line) {
    static const std::regex pattern(R"(    \.\.\. (\d+) more frames of (.+))");
    std::smatch m;
    if (!std::regex_match(line, m, pattern)) return false;
    report().folded = number(m[1]);
    report().folded_functions = m[2];
    return true;
  }

  bool trace_title(const std::string& line) {
    static const std::regex pattern(R"((allocated|freed) by thread (T\d+)(?: \((.*)\))? with (.+):)");
    std::smatch m;
    if (!std::regex_match(line, m, pattern)) return false;
    trace_ = m[1] == "allocated" ? &Report::allocation : &Report::release;
    (report().*trace_).thread = {m[2], m[3]};
    (report().*trace_).api = m[4];
    (report().*trace_).present = true;
    return true;
  }

  bool creation_title(const std::string& line) {
    static const std::regex pattern(R"(thread (T\d+)(?: \(.*\))? was created by thread (T\d+)(?: \((.*)\))?:)");
    std::smatch m;
    if (!std::regex_match(line, m, pattern)) return false;
    if (m[1] != report().thread.number) throw std::runtime_error("another thread's creation: " + line);
    trace_ = &Report::creation;
    report().creation.thread = {m[2], m[3]};
    report().creation.present = true;
    return true;
  }

  void relation(const std::smatch& m, int at) {
    Place& place = report().place;
    place.distance = m[at].matched ? number(m[at]) : 0;
    place.relation = m[at].matched ? m[at + 1].str() : "inside";
    place.freed = m[at + 2].matched;
    place.block_size = number(m[at + 3]);
    report().block_begin = number(m[at + 4]);
    report().block_end = number(m[at + 5]);
  }

  bool place(const std::string& line) {
    static const std::regex pattern(
        R"(0x[0-9a-f]+ is (?:the start of|(\d+) bytes? (before|inside|after)) (freed )?(\d+)-byte block \[(0x[0-9a-f]+),(0x[0-9a-f]+)\))");
    std::smatch m;
    if (!std::regex_match(line, m, pattern)) return false;
    relation(m, 1);
    return true;
  }

  bool slack(const std::string& line) {
    static const std::regex pattern(
        R"((\d+) bytes? (?:of slack changed|changed between its release and its fence), the first (\d+) bytes? (before|inside|after) (freed )?(\d+)-byte block \[(0x[0-9a-f]+),(0x[0-9a-f]+)\))");
    std::smatch m;
    if (!std::regex_match(line, m, pattern)) return false;
    report().slack_changed = number(m[1]);
    relation(m, 2);
    return true;
  }

  bool slack_bytes(const std::string& line) {
    static const std::regex pattern(
        R"(    0x[0-9a-f]+, block [+-] \d+:((?: [0-9a-f]{2})+)   \(every byte was [0-9a-f]{2}\))");
    std::smatch m;
    if (!std::regex_match(line, m, pattern)) return false;
    std::istringstream bytes(m[1]);
    for (std::string byte; bytes >> byte;) report().slack_bytes.push_back(byte);
    return true;
  }

  bool mismatch(const std::string& line) {
    static const std::regex pattern(R"(.* frees what .* allocates, not .*|freed with an? (size|alignment) of .*)");
    if (!std::regex_match(line, pattern)) return false;
    report().mismatch = line;
    return true;
  }

  bool elsewhere(const std::string& line) {
    static const std::regex pattern(R"(0x[0-9a-f]+ (?:is )?((?:not|on|in|was freed;|\d+ bytes? below) .*))");
    std::smatch m;
    if (!std::regex_match(line, m, pattern)) return false;
    report().elsewhere = m[1];
    return true;
  }

  bool hint(const std::string& line) {
    if (!line.starts_with("Hint: ")) return false;
    report().hints.push_back(line.substr(6));
    return true;
  }

  bool summary(const std::string& line) {
    if (!line.starts_with("SUMMARY: Fencepost: ")) return false;
    report().summary = line;
    return true;
  }

  std::vector<Report> reports_;
  Trace Report::*trace_ = &Report::error;
};

}  // namespace

std::vector<Report> parse_reports(std::string_view text) {
  Parser parser;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) parser.line(line);
  return parser.take();
}

std::vector<std::string> parse_messages(std::string_view text) {
  static const std::regex pattern(R"(==\d+==Fencepost: (.*))");
  std::vector<std::string> messages;
  std::istringstream lines{std::string(text)};
  std::smatch m;
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_match(line, m, pattern)) messages.push_back(m[1]);
  }
  return messages;
}

}  // namespace fencepost::support
