#include "findings/lines.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <span>
#include <system_error>
#include <thread>
#include <utility>

#include "findings/json.h"

namespace fencepost::findings {

namespace {

/// Lines that are read before they are understood, and those that are worth a thread.
constexpr std::size_t kTogether = 4096, kWorthAThread = 64;

struct NumberedLine {
  std::size_t number;
  std::string text;
};

Lines understand(std::span<const NumberedLine> part) {
  Lines lines;
  for (const NumberedLine& line : part) {
    try {
      lines.findings.push_back(from_json(line.text));
    } catch (const FormatError& error) {
      lines.bad.push_back({line.number, error.what()});
    }
  }
  return lines;
}

template <typename Item>
void append(std::vector<Item>& to, std::vector<Item> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void append(Lines& to, Lines from) {
  append(to.findings, std::move(from.findings));
  append(to.bad, std::move(from.bad));
}

std::future<Lines> start_to_understand(std::span<const NumberedLine> part) {
  try {
    return std::async(std::launch::async, understand, part);
  } catch (const std::system_error&) {  // no thread can be had: whoever asks for the result does the work
    return std::async(std::launch::deferred, understand, part);
  }
}

void understand_together(std::span<const NumberedLine> read, Lines& lines) {
  const std::size_t threads =
      std::clamp<std::size_t>(read.size() / kWorthAThread, 1, std::max(std::thread::hardware_concurrency(), 1U));
  std::vector<std::future<Lines>> parts;
  std::size_t begin = 0;
  for (std::size_t i = 1; i < threads; ++i) {
    const std::size_t end = read.size() * i / threads;
    parts.push_back(start_to_understand(read.subspan(begin, end - begin)));
    begin = end;
  }
  Lines last = understand(read.subspan(begin));
  for (std::future<Lines>& part : parts) append(lines, part.get());
  append(lines, std::move(last));
}

}  // namespace

Lines read_lines(std::istream& in) {
  Lines lines;
  std::vector<NumberedLine> read;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    read.push_back({number, std::move(line)});
    if (read.size() < kTogether) continue;
    understand_together(read, lines);
    read.clear();
  }
  understand_together(read, lines);
  return lines;
}

}  // namespace fencepost::findings
