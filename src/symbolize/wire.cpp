#include "symbolize/wire.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

namespace fencepost::symbolize {

namespace {

using Clock = std::chrono::steady_clock;

/// No honest message is longer; a length above it is no length.
constexpr std::uint64_t kLongestMessage = std::uint64_t{64} << 20;

class Writer {
 public:
  void number(std::uint64_t value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void text(const std::string& value) {
    number(value.size());
    bytes_ += value;
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// What lies beyond the end is 0 or empty, and makes the whole wrong.
class Reader {
 public:
  explicit Reader(const std::string& bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    if (has(sizeof value)) std::memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  std::string text() {
    const std::uint64_t size = number();
    if (!has(size)) return {};
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }
  [[nodiscard]] bool is_good() const { return is_good_; }
  [[nodiscard]] bool is_complete() const { return is_good_ && at_ == bytes_.size(); }

 private:
  bool has(std::uint64_t size) {
    is_good_ = is_good_ && size <= bytes_.size() - at_;
    return is_good_;
  }

  const std::string& bytes_;
  std::size_t at_ = 0;
  bool is_good_ = true;
};

findings::SourceFrame read_frame(Reader& reader) {
  findings::SourceFrame frame;
  frame.function = reader.text();
  frame.file = reader.text();
  frame.line = static_cast<unsigned>(reader.number());
  frame.column = static_cast<unsigned>(reader.number());
  frame.inlined = reader.number() != 0;
  return frame;
}

constexpr Clock::time_point kNever = Clock::time_point::max();

/// How long poll may wait until then.
int milliseconds_until(Clock::time_point end) {
  if (end == kNever) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

bool receive(int socket, char* bytes, std::size_t size, Clock::time_point end) {
  while (size > 0) {
    pollfd ready{socket, POLLIN, 0};
    const int count = poll(&ready, 1, milliseconds_until(end));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    const ssize_t received = recv(socket, bytes, size, 0);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) return false;
    bytes += received;
    size -= static_cast<std::size_t>(received);
  }
  return true;
}

}  // namespace

std::string to_bytes(const Question& question) {
  Writer writer;
  writer.text(question.module.path);
  writer.text(question.module.build_id);
  writer.number(question.module.inode);
  writer.number(question.module.size);
  writer.number(static_cast<std::uint64_t>(question.module.mtime));
  writer.number(question.offset);
  writer.number(static_cast<std::uint64_t>(question.pid));
  writer.text(question.symbol);
  return writer.take();
}

std::optional<Question> question_from(const std::string& bytes) {
  Reader reader(bytes);
  Question question;
  question.module.path = reader.text();
  question.module.build_id = reader.text();
  question.module.inode = reader.number();
  question.module.size = reader.number();
  question.module.mtime = static_cast<std::int64_t>(reader.number());
  question.offset = reader.number();
  question.pid = static_cast<std::int64_t>(reader.number());
  question.symbol = reader.text();
  return reader.is_complete() ? std::optional(question) : std::nullopt;
}

std::string to_bytes(const Answer& answer) {
  Writer writer;
  writer.text(answer.note);
  writer.number(answer.source.size());
  for (const findings::SourceFrame& frame : answer.source) {
    writer.text(frame.function);
    writer.text(frame.file);
    writer.number(frame.line);
    writer.number(frame.column);
    writer.number(frame.inlined ? 1 : 0);
  }
  return writer.take();
}

std::optional<Answer> answer_from(const std::string& bytes) {
  Reader reader(bytes);
  Answer answer;
  answer.note = reader.text();
  const std::uint64_t count = reader.number();
  while (reader.is_good() && answer.source.size() < count) answer.source.push_back(read_frame(reader));
  return reader.is_complete() ? std::optional(answer) : std::nullopt;
}

bool send_message(int socket, const std::string& bytes) {
  Writer writer;
  writer.text(bytes);
  const std::string message = writer.take();
  for (std::size_t sent = 0; sent < message.size();) {
    const ssize_t count = send(socket, message.data() + sent, message.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

std::optional<std::string> receive_message(int socket, std::chrono::milliseconds patience) {
  const Clock::time_point end = patience.count() > 0 ? Clock::now() + patience : kNever;
  std::uint64_t size = 0;
  if (!receive(socket, reinterpret_cast<char*>(&size), sizeof size, end) || size > kLongestMessage) return {};
  std::string bytes(size, '\0');
  if (!receive(socket, bytes.data(), size, end)) return {};
  return bytes;
}

}  // namespace fencepost::symbolize
