#include "os/words.h"

#include <catch2/catch.hpp>
#include <numeric>
#include <vector>

#include "os/attempt.h"
#include "os/pages.h"
#include "support.h"

using namespace fencepost;

TEST_CASE("words are compared where the offsets say, all of them", "[os]") {
  const Address memory[] = {10, 11, 12, 13, 14, 15, 16, 17};
  const std::uint32_t offsets[] = {0, 3, 7, 3};
  Address words[] = {10, 13, 17, 13};
  CHECK(os::words_are(memory, offsets, words, 0));
  CHECK(os::words_are(memory, offsets, words, 4));
  for (Address& word : words) {
    for (const unsigned bit : {0u, 31u, 32u, 63u}) {
      INFO(word << ", bit " << bit);
      word ^= Address{1} << bit;
      CHECK_FALSE(os::words_are(memory, offsets, words, 4));
      word ^= Address{1} << bit;
    }
  }
}

TEST_CASE("one word more than there are to compare makes no difference", "[os]") {
  std::vector<Address> memory(100);
  std::iota(memory.begin(), memory.end(), Address{1000});
  std::vector<std::uint32_t> offsets(100);
  std::iota(offsets.begin(), offsets.end(), 0u);
  std::vector<Address> words = memory;
  for (Size count = 0; count < 100; ++count) {
    words[count] += 1;
    REQUIRE(os::words_are(memory.data(), offsets.data(), words.data(), count));
    REQUIRE_FALSE(os::words_are(memory.data(), offsets.data(), words.data(), count + 1));
    words[count] -= 1;
  }
}

TEST_CASE("memory that can't be read holds other words", "[os]") {
  CHECK(test::holds_in_child([] {
    test::catch_faults_in_attempts();
    const Range pages = os::map_memory(2 * kPageSize);
    if (!os::close_pages({pages.begin + kPageSize, pages.end})) return false;
    const auto* const last = reinterpret_cast<const Address*>(pages.begin + kPageSize) - 1;
    const std::uint32_t offsets[] = {0, 1};
    const Address words[] = {0, 0};
    bool outer = false;
    const bool survived = os::attempt([&] { outer = os::words_are(last, offsets, words, 2); });
    return os::words_are(last, offsets, words, 1) && !os::words_are(last, offsets, words, 2) && survived && !outer &&
           !os::attempting();
  }));
}
