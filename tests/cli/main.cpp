// Faults belong to the programs that the tests start; Catch's own handlers would only be in the way.
#define CATCH_CONFIG_MAIN
#define CATCH_CONFIG_NO_POSIX_SIGNALS
#include <catch2/catch.hpp>
