#include "report/sink.h"

#include <fcntl.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <string>

#include "support.h"

using namespace fencepost;
using report::Sink;

namespace {

/// What `body` writes to standard error, in a child.
template <typename Body>
std::string on_standard_error(Body body) {
  const test::TempFile file;
  const bool done = test::in_child([&] {
                      const int descriptor = open(file.path().c_str(), O_WRONLY);
                      if (dup2(descriptor, 2) != 2) _exit(1);
                      close(descriptor);
                      body();
                    }).exited_with(0);
  CHECK(done);
  return file.contents();
}

}  // namespace

TEST_CASE("without a path messages go to standard error", "[report]") {
  CHECK(on_standard_error([] { Sink().write("a message\n"); }) == "a message\n");
}

TEST_CASE("with a path messages are added to the file, and nowhere else", "[report]") {
  const test::TempFile log("before\n");
  const std::string elsewhere = on_standard_error([&] {
    Sink sink;
    sink.set_path(log.path());
    sink.write("one\n");
    sink.write("two\n");
  });
  CHECK(elsewhere.empty());
  CHECK(log.contents() == "before\none\ntwo\n");
}

TEST_CASE("%p in a path is the process id, wherever it stands", "[report]") {
  const test::TempFile base;
  const std::string pattern = base.path() + ".%p.%p.log";
  const std::string path = base.path() + "." + std::to_string(getpid()) + "." + std::to_string(getpid()) + ".log";
  Sink sink;
  sink.set_path(pattern);
  sink.write("a message\n");
  CHECK(test::read_file(path) == "a message\n");
  unlink(path.c_str());
}

TEST_CASE("a forked child has a file of its own", "[report]") {
  const test::TempFile base;
  const std::string pattern = base.path() + ".%p";
  Sink sink;
  sink.set_path(pattern);
  test::Shared<pid_t> child;
  CHECK(test::in_child([&] {
          *child = getpid();
          sink.write("from the child\n");
        }).exited_with(0));
  const std::string path = base.path() + "." + std::to_string(*child);
  CHECK(test::read_file(path) == "from the child\n");
  unlink(path.c_str());
}

TEST_CASE("a file that can't be opened falls back to standard error", "[report]") {
  CHECK(on_standard_error([] {
          Sink sink;
          sink.set_path("/nonexistent/directory/log");
          sink.write("a message\n");
        }) == "a message\n");
}

TEST_CASE("a path that grows too long falls back to standard error", "[report]") {
  std::string path = "/tmp/";
  while (path.size() < 510) path += "%p";
  CHECK(on_standard_error([&] {
          Sink sink;
          sink.set_path(path);
          sink.write("a message\n");
        }) == "a message\n");
}

TEST_CASE("a program that closes every descriptor still logs to its file", "[report]") {
  const test::TempFile log;
  CHECK(test::in_child([&] {
          Sink sink;
          sink.set_path(log.path());
          for (int descriptor = 0; descriptor < 1024; ++descriptor) close(descriptor);
          sink.write("a message\n");
        }).exited_with(0));
  CHECK(log.contents() == "a message\n");
}

TEST_CASE("a kept standard error serves a program that closed its own", "[report]") {
  CHECK(on_standard_error([] {
          Sink sink;
          sink.keep_standard_error();
          close(2);
          sink.write("a message\n");
        }) == "a message\n");
}

TEST_CASE("a kept descriptor whose number went to another file is not written to", "[report]") {
  const test::TempFile other;
  const std::string message = on_standard_error([&] {
    Sink sink;
    sink.keep_standard_error();
    const int innocent = open(other.path().c_str(), O_WRONLY);
    for (int descriptor = innocent + 1; descriptor < 1100; ++descriptor) dup2(innocent, descriptor);
    close(2);
    sink.write("a message\n");
  });
  CHECK(message.empty());
  CHECK(other.contents().empty());
}

TEST_CASE("a standard error that was given up is closed and not written to", "[report]") {
  CHECK(on_standard_error([] {
          const std::string before = test::open_descriptors();
          Sink sink;
          sink.keep_standard_error();
          sink.release_standard_error();
          if (test::open_descriptors() != before) _exit(1);
          close(2);
          sink.write("a message\n");
        }).empty());
}

TEST_CASE("writing leaves errno alone, even when it fails", "[report]") {
  const test::TempFile log;
  Sink sink;
  sink.set_path(log.path());
  errno = EDOM;
  sink.write("a message\n");
  CHECK(errno == EDOM);
  CHECK(test::holds_in_child([] {
    Sink bad;
    bad.set_path("/nonexistent/directory/log");
    close(2);
    errno = EDOM;
    bad.write("a message\n");
    return errno == EDOM;
  }));
}

TEST_CASE("a sink without a file says that it wrote nothing", "[report]") {
  report::Sink sink;
  CHECK(!sink.has_path());
  CHECK(!sink.write_to_file("lost"));
  sink.set_path("/nonexistent/file");
  CHECK(sink.has_path());
  CHECK(!sink.write_to_file("lost"));
  const test::TempFile file("first\n");
  sink.set_path(file.path());
  CHECK(sink.write_to_file("second\n"));
  CHECK(file.contents() == "first\nsecond\n");
}
