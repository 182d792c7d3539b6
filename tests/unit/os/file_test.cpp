#include "os/file.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <thread>

#include "os/pages.h"
#include "support.h"

using namespace fencepost;

TEST_CASE("write_all writes more than a pipe holds", "[os]") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const std::string text(1 << 20, 'x');
  std::string received;
  std::thread reader([&] {
    char buffer[4096];
    for (ssize_t n; (n = read(ends[0], buffer, sizeof buffer)) > 0;) received.append(buffer, static_cast<Size>(n));
  });
  CHECK(os::write_all(ends[1], text));
  close(ends[1]);
  reader.join();
  close(ends[0]);
  CHECK(received == text);
}

TEST_CASE("write_all tells a closed descriptor, and leaves errno alone", "[os]") {
  errno = EDOM;
  CHECK_FALSE(os::write_all(-1, "text"));
  CHECK(errno == EDOM);
  CHECK(os::write_all(-1, ""));
}

TEST_CASE("write_all raises no signal when nobody reads any more", "[os]") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  close(ends[0]);
  const bool died_of_nothing = test::in_child([&] {
                                 const bool first = os::write_all(ends[1], "text");
                                 sigset_t waiting;
                                 sigpending(&waiting);
                                 _exit(first && sigismember(&waiting, SIGPIPE) == 0 ? 0 : 1);
                               }).exited_with(0);
  CHECK(died_of_nothing);
  close(ends[1]);
}

TEST_CASE("write_all leaves a signal that waited before", "[os]") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  close(ends[0]);
  const bool left = test::in_child([&] {
                      sigset_t pipe_signal, waiting;
                      sigemptyset(&pipe_signal);
                      sigaddset(&pipe_signal, SIGPIPE);
                      sigprocmask(SIG_BLOCK, &pipe_signal, nullptr);
                      raise(SIGPIPE);
                      static_cast<void>(os::write_all(ends[1], "text"));
                      sigpending(&waiting);
                      _exit(sigismember(&waiting, SIGPIPE) == 1 ? 0 : 1);
                    }).exited_with(0);
  CHECK(left);
  close(ends[1]);
}

TEST_CASE("write_all tells that a file can't grow, and raises no signal", "[os]") {
  const test::TempFile temp("");
  const bool told = test::in_child([&] {
                      const rlimit none{0, 0};
                      setrlimit(RLIMIT_FSIZE, &none);
                      const int descriptor = os::open_for_appending(temp.path().c_str());
                      _exit(descriptor >= 0 && !os::write_all(descriptor, "text") ? 0 : 1);
                    }).exited_with(0);
  CHECK(told);
}

TEST_CASE("write_all waits for a pipe that does not block", "[os]") {
  int ends[2];
  REQUIRE(pipe2(ends, O_NONBLOCK) == 0);
  const std::string text(1 << 20, 'x');
  std::size_t received = 0;
  std::thread reader([&] {
    char buffer[4096];
    while (received < text.size()) {
      const ssize_t n = read(ends[0], buffer, sizeof buffer);
      if (n > 0) received += static_cast<std::size_t>(n);
      if (n < 0) std::this_thread::yield();
    }
  });
  CHECK(os::write_all(ends[1], text));
  reader.join();
  close(ends[0]);
  close(ends[1]);
  CHECK(received == text.size());
}

TEST_CASE("a file is read to its end", "[os]") {
  const test::TempFile temp("0123456789");
  os::File file(temp.path().c_str());
  REQUIRE(file.is_open());
  char buffer[8];
  CHECK(file.read(buffer, 8) == 8);
  CHECK(file.read(buffer, 8) == 2);
  CHECK(std::string_view(buffer, 2) == "89");
  CHECK(file.read(buffer, 8) == 0);
}

TEST_CASE("a file that is not there reads as nothing", "[os]") {
  os::File file("/nonexistent/file");
  char buffer[8];
  CHECK_FALSE(file.is_open());
  CHECK(file.read(buffer, 8) == 0);
  CHECK(file.map().empty());
}

TEST_CASE("a mapping outlives its file", "[os]") {
  const test::TempFile temp("mapped text");
  const Range bytes = os::File(temp.path().c_str()).map();
  REQUIRE(bytes.size() == 11);
  CHECK(std::string_view(reinterpret_cast<const char*>(bytes.begin), 11) == "mapped text");
  CHECK(test::store_faults(bytes.begin));
  os::give_back(bytes);
}

TEST_CASE("a file is read as far as there is room", "[os]") {
  const test::TempFile temp("0123456789");
  char buffer[16] = {};
  Size size = 99;
  CHECK(os::File(temp.path().c_str()).read_all(buffer, sizeof buffer, size));
  CHECK(std::string_view(buffer, size) == "0123456789");
  CHECK(os::File(temp.path().c_str()).read_all(buffer, 4, size));
  CHECK(size == 4);
  CHECK(os::File(test::TempFile().path().c_str()).read_all(buffer, sizeof buffer, size));
  CHECK(size == 0);
  CHECK_FALSE(os::File("/").read_all(buffer, sizeof buffer, size));
  CHECK_FALSE(os::File("/nonexistent/file").read_all(buffer, sizeof buffer, size));
  CHECK(size == 0);
}

TEST_CASE("an empty file and a directory map to nothing", "[os]") {
  const test::TempFile temp;
  CHECK(os::File(temp.path().c_str()).map().empty());
  CHECK(os::File("/").map().empty());
}

TEST_CASE("files are closed at the end of the scope", "[os]") {
  const test::TempFile temp("x");
  const std::string before = test::open_descriptors();
  {
    const os::File file(temp.path().c_str());
    CHECK(test::open_descriptors() != before);
  }
  CHECK(test::open_descriptors() == before);
}

TEST_CASE("read_number_file stops at the first character that is no digit", "[os]") {
  CHECK(os::read_number_file(test::TempFile("65530\n").path().c_str()) == 65530);
  CHECK(os::read_number_file(test::TempFile("12 34").path().c_str()) == 12);
  CHECK(os::read_number_file(test::TempFile("max\n").path().c_str()) == 0);
  CHECK(os::read_number_file("/nonexistent/file") == 0);
}

TEST_CASE("open_for_appending adds to what is there", "[os]") {
  const test::TempFile temp("one ");
  const int descriptor = os::open_for_appending(temp.path().c_str());
  REQUIRE(descriptor >= 0);
  CHECK((fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
  CHECK(os::write_all(descriptor, "two"));
  os::close_descriptor(descriptor);
  CHECK(temp.contents() == "one two");
}

TEST_CASE("open_for_appending creates a file for its owner alone", "[os]") {
  const test::TempFile temp;
  unlink(temp.path().c_str());
  const int descriptor = os::open_for_appending(temp.path().c_str());
  REQUIRE(descriptor >= 0);
  os::close_descriptor(descriptor);
  struct stat status {};
  REQUIRE(stat(temp.path().c_str(), &status) == 0);
  CHECK((status.st_mode & 077) == 0);
}

TEST_CASE("open_for_appending does not follow a symbolic link", "[os]") {
  const test::TempFile target;
  const test::TempFile link;
  unlink(link.path().c_str());
  REQUIRE(symlink(target.path().c_str(), link.path().c_str()) == 0);
  CHECK(os::open_for_appending(link.path().c_str()) == -1);
}

TEST_CASE("identify tells files apart and descriptors of one file not", "[os]") {
  const test::TempFile one;
  const test::TempFile two;
  const int first = open(one.path().c_str(), O_RDONLY);
  const int again = open(one.path().c_str(), O_WRONLY);
  const int other = open(two.path().c_str(), O_RDONLY);
  os::FileIdentity a;
  os::FileIdentity b;
  os::FileIdentity c;
  REQUIRE((os::identify(first, a) && os::identify(again, b) && os::identify(other, c)));
  CHECK(a == b);
  CHECK_FALSE(a == c);
  for (const int descriptor : {first, again, other}) os::close_descriptor(descriptor);
  errno = EDOM;
  CHECK_FALSE(os::identify(first, a));
  CHECK(errno == EDOM);
}

TEST_CASE("duplicate_high stays out of the way and does not reach other programs", "[os]") {
  const int high = os::duplicate_high(os::kStandardError);
  REQUIRE(high >= 256);
  CHECK((fcntl(high, F_GETFD) & FD_CLOEXEC) != 0);
  os::FileIdentity original;
  os::FileIdentity copy;
  CHECK((os::identify(os::kStandardError, original) && os::identify(high, copy)));
  CHECK(original == copy);
  os::close_descriptor(high);
  CHECK(os::duplicate_high(-1) == -1);
}

TEST_CASE("a file is no terminal", "[os]") {
  const int descriptor = open("/dev/null", O_RDONLY);
  CHECK(!os::is_terminal(descriptor));
  CHECK(!os::is_terminal(-1));
  close(descriptor);
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal >= 0) CHECK(os::is_terminal(terminal));
  close(terminal);
}
