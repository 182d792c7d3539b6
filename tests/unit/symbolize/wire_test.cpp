#include "symbolize/wire.h"

#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <random>
#include <thread>

using namespace fencepost::symbolize;
using namespace std::chrono_literals;

namespace {

Question full_question() { return {{"/bin/a", "abcd", 1, 2, -3}, 0xfedcba9876543210, 42, "_Z4fillPc"}; }

Answer full_answer() {
  return {{{"one()", "/src/a.cpp", 1, 2, true}, {"two()", "", 0, 0, false}, {"", "/src/b.cpp", ~0U, 7, false}},
          std::string("a note with a \0 in it", 22)};
}

bool same(const Question& one, const Question& other) {
  return one.module == other.module && one.offset == other.offset && one.pid == other.pid && one.symbol == other.symbol;
}

struct Sockets {
  Sockets() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw std::runtime_error("socketpair");
    one = Descriptor(ends[0]);
    other = Descriptor(ends[1]);
  }
  Descriptor one;
  Descriptor other;
};

}  // namespace

TEST_CASE("questions and answers are read as they were written", "[symbolize]") {
  for (const Question& question : {Question{}, full_question()}) {
    const auto read = question_from(to_bytes(question));
    REQUIRE(read);
    CHECK(same(*read, question));
  }
  for (const Answer& answer : {Answer{}, full_answer()}) {
    const auto read = answer_from(to_bytes(answer));
    REQUIRE(read);
    CHECK(read->source == answer.source);
    CHECK(read->note == answer.note);
  }
}

TEST_CASE("a part of a question or an answer is none, and neither is more than one", "[symbolize]") {
  const std::string question = to_bytes(full_question());
  const std::string answer = to_bytes(full_answer());
  for (std::size_t size = 0; size < question.size(); ++size) CHECK_FALSE(question_from(question.substr(0, size)));
  for (std::size_t size = 0; size < answer.size(); ++size) CHECK_FALSE(answer_from(answer.substr(0, size)));
  CHECK_FALSE(question_from(question + "x"));
  CHECK_FALSE(answer_from(answer + "x"));
}

TEST_CASE("wrong bytes are an answer or none, and read no further than their end", "[symbolize]") {
  const std::string good = to_bytes(full_answer());
  std::mt19937 random(1);
  std::size_t refused = 0;
  for (int turn = 0; turn < 20000; ++turn) {
    std::string bytes = good;
    for (int i = 0; i < 3; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto read = answer_from(bytes);
    if (!read) ++refused;
    if (read && to_bytes(*read).size() > bytes.size()) FAIL("more was read than there is");
  }
  CHECK(refused > 1000);
}

TEST_CASE("messages of any size pass a socket, one by one", "[symbolize]") {
  const Sockets sockets;
  const std::string large(3 << 20, 'x');
  std::thread sender([&] {
    for (const std::string& message : {std::string("first"), std::string(), large}) {
      if (!send_message(sockets.one.get(), message)) return;
    }
  });
  CHECK(receive_message(sockets.other.get(), 0ms) == "first");
  CHECK(receive_message(sockets.other.get(), 60s) == "");
  CHECK(receive_message(sockets.other.get(), 60s) == large);
  sender.join();
}

TEST_CASE("nothing is received of a message that doesn't come, or not as a whole", "[symbolize]") {
  Sockets sockets;
  CHECK_FALSE(receive_message(sockets.other.get(), 1ms));
  const std::uint64_t size = 5;
  REQUIRE(send(sockets.one.get(), &size, sizeof size, 0) == sizeof size);
  CHECK_FALSE(receive_message(sockets.other.get(), 1ms));
  REQUIRE(send(sockets.one.get(), &size, sizeof size, 0) == sizeof size);
  sockets.one.reset();
  CHECK_FALSE(receive_message(sockets.other.get(), 0ms));
}

TEST_CASE("a length that no message has is believed by nobody", "[symbolize]") {
  const Sockets sockets;
  const std::uint64_t size = ~std::uint64_t{0};
  REQUIRE(send(sockets.one.get(), &size, sizeof size, 0) == sizeof size);
  CHECK_FALSE(receive_message(sockets.other.get(), 60s));
}

TEST_CASE("a message to nobody is a failure and no signal", "[symbolize]") {
  Sockets sockets;
  sockets.other.reset();
  CHECK_FALSE(send_message(sockets.one.get(), "anybody?"));
}
