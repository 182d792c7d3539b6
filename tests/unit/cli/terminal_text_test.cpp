#include "cli/terminal_text.h"

#include <catch2/catch.hpp>

using fencepost::cli::printable;

TEST_CASE("text without control characters stays as it is", "[cli]") {
  CHECK(printable("") == "");
  CHECK(printable("/usr/bin/näme €") == "/usr/bin/näme €");
}

TEST_CASE("control characters are written in hexadecimal", "[cli]") {
  CHECK(printable("a\033[31mb") == "a\\x1b[31mb");
  CHECK(printable("\r\n\t\x7f") == "\\x0d\\x0a\\x09\\x7f");
  CHECK(printable("\xc2\x9b"
                  "31m") == "\\xc2\\x9b31m");  // CSI in one character
  CHECK(printable("\xc2\xa9") == "\xc2\xa9");
  CHECK(printable("\xc2") == "\xc2");
  CHECK(printable(std::string_view("\0x", 2)) == "\\x00x");
}
