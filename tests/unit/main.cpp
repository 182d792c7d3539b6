// Faults belong to the children that tests fork, so Catch keeps its hands off the signals.
#define CATCH_CONFIG_MAIN
#define CATCH_CONFIG_NO_POSIX_SIGNALS
#include <catch2/catch.hpp>
