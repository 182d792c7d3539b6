#include "cli/memcheck_command.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>

using namespace fencepost::cli;
using Words = std::vector<std::string>;

TEST_CASE("the command line that CTest gives Valgrind", "[cli]") {
  const MemcheckRequest request =
      read_memcheck_arguments({"--log-file=/b/log.1", "-q", "--tool=memcheck", "--leak-check=yes",
                               "--show-reachable=yes", "--num-callers=50", "./test", "-q", "x"});
  CHECK(request.mistake.empty());
  CHECK(request.log_file == "/b/log.1");
  CHECK(request.depth == 50);
  CHECK(request.error_exitcode == 0);
  CHECK(request.ignored == Words{"--leak-check=yes", "--show-reachable=yes"});
  CHECK(request.program == Words{"./test", "-q", "x"});
}

TEST_CASE("options end at -- or at the program", "[cli]") {
  CHECK(read_memcheck_arguments({"-q", "--", "-odd", "--tool=x"}).program == Words{"-odd", "--tool=x"});
  CHECK(read_memcheck_arguments({"prog", "--", "--tool=x"}).program == Words{"prog", "--", "--tool=x"});
}

TEST_CASE("XML is written only if it is asked for", "[cli]") {
  CHECK(read_memcheck_arguments({"--xml=yes", "--xml-file=f", "p"}).xml_file == "f");
  CHECK(read_memcheck_arguments({"--xml-file=f", "p"}).xml_file.empty());
  CHECK(read_memcheck_arguments({"--xml-file=f", "--xml=no", "p"}).xml_file.empty());
}

TEST_CASE("mistakes are told", "[cli]") {
  CHECK_FALSE(read_memcheck_arguments({}).mistake.empty());
  CHECK_FALSE(read_memcheck_arguments({"-q"}).mistake.empty());
  CHECK_FALSE(read_memcheck_arguments({"--tool=massif", "p"}).mistake.empty());
  CHECK_FALSE(read_memcheck_arguments({"--num-callers=", "p"}).mistake.empty());
  CHECK_FALSE(read_memcheck_arguments({"--num-callers=5x", "p"}).mistake.empty());
  CHECK_FALSE(read_memcheck_arguments({"--error-exitcode=-", "p"}).mistake.empty());
}

TEST_CASE("names of log files are expanded as Valgrind does", "[cli]") {
  setenv("FENCEPOST_TEST_NAME", "value", 1);
  const std::string pid = std::to_string(getpid());
  CHECK(expand_log_name("plain") == "plain");
  CHECK(expand_log_name("a.%p.%p") == "a." + pid + "." + pid);
  CHECK(expand_log_name("%q{FENCEPOST_TEST_NAME}/%%p") == "value/%p");
  CHECK(expand_log_name("%q{FENCEPOST_NOT_SET}x") == "x");
  CHECK(expand_log_name("%q{open") == "%q{open");
  CHECK(expand_log_name("%") == "%");
}
