#include "os/userfault.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "os/attempt.h"
#include "os/pages.h"
#include "support.h"

using namespace fencepost;
using os::Moved;
using os::Userfault;
using test::byte_at;

namespace {

constexpr Size kPages = 8;

bool is_offered() {
  const Range range = os::map_memory(kPageSize);
  Userfault userfault;
  const bool opened = userfault.open(range);
  if (opened) os::close_descriptor(userfault.descriptor());
  if (!opened) WARN("userfaultfd is not tested: the kernel does not offer it");
  os::give_back(range);
  return opened;
}

/// A registered range, and a page to copy from.
struct Registered {
  Registered() : range(os::map_memory(kPages * kPageSize)), source(os::map_memory(kPageSize)) {
    byte_at(source.begin) = 5;
    opened = userfault.open(range);
  }
  ~Registered() {
    if (userfault.descriptor() >= 0) os::close_descriptor(userfault.descriptor());
    os::give_back(range);
    os::give_back(source);
  }
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;

  [[nodiscard]] Address page(Size number) const { return range.begin + number * kPageSize; }
  [[nodiscard]] Range pages(Size first, Size count) const { return {page(first), page(first + count)}; }
  [[nodiscard]] Moved copy(Size to) { return userfault.copy(pages(to, 1), source.begin); }
  [[nodiscard]] Moved move(Size to, Size from, Size count = 1) { return userfault.move(pages(to, count), page(from)); }

  Range range;
  Range source;
  Userfault userfault;
  bool opened = false;
};

/// True in a child in which `check` held of a registration of its own.
template <typename Check>
bool holds_when_registered(Check check) {
  return test::holds_in_child([&] {
    test::catch_faults_in_attempts();
    Registered registered;
    return registered.opened && check(registered);
  });
}

bool faults_here(Address address) {
  return !os::attempt([=] { byte_at(address) = 1; });
}

}  // namespace

TEST_CASE("a missing page is a bus error, in the thread that touches it", "[os]") {
  if (!is_offered()) return;
  CHECK(test::in_child([] {
          Registered registered;
          if (registered.opened) byte_at(registered.page(0)) = 1;
        }).died_of(SIGBUS));
}

TEST_CASE("a copied page is there with its contents, and its neighbours are not", "[os]") {
  if (!is_offered()) return;
  CHECK(holds_when_registered([](Registered& made) {
    return made.copy(1) == Moved::done && byte_at(made.page(1)) == 5 && byte_at(made.page(1) + 1) == 0 &&
           faults_here(made.page(0)) && faults_here(made.page(2));
  }));
}

TEST_CASE("a moved page takes its contents along and leaves nothing", "[os]") {
  if (!is_offered()) return;
  CHECK(holds_when_registered([](Registered& made) {
    if (made.copy(1) != Moved::done) return false;
    byte_at(made.page(1) + 100) = 9;
    return made.move(4, 1) == Moved::done && faults_here(made.page(1)) && byte_at(made.page(4)) == 5 &&
           byte_at(made.page(4) + 100) == 9;
  }));
}

TEST_CASE("several pages move at once", "[os]") {
  CHECK(holds_when_registered([](Registered& made) {
    for (const Size page : {1, 2, 3}) {
      if (made.copy(page) != Moved::done) return false;
      byte_at(made.page(page)) = static_cast<char>(10 + page);
    }
    if (made.move(5, 1, 3) != Moved::done) return false;
    for (const Size page : {1, 2, 3}) {
      if (!faults_here(made.page(page)) || byte_at(made.page(page + 4)) != static_cast<char>(10 + page)) return false;
    }
    return true;
  }));
}

TEST_CASE("a move of several pages that meets a hole is refused, and loses none", "[os]") {
  CHECK(holds_when_registered([](Registered& made) {
    if (made.copy(1) != Moved::done || made.copy(3) != Moved::done) return false;
    if (made.move(5, 1, 3) != Moved::refused) return false;
    return !faults_here(made.page(1)) != !faults_here(made.page(5)) && !faults_here(made.page(3)) &&
           faults_here(made.page(7));
  }));
}

TEST_CASE("what can't be moved is refused, and stays", "[os]") {
  if (!is_offered()) return;
  CHECK(holds_when_registered([](Registered& made) {
    if (made.copy(1) != Moved::done || made.copy(2) != Moved::done) return false;
    byte_at(made.page(2)) = 6;
    const bool refused =
        made.move(3, 0) == Moved::refused && made.move(2, 1) == Moved::refused && made.copy(2) == Moved::refused;
    return refused && byte_at(made.page(1)) == 5 && byte_at(made.page(2)) == 6 && faults_here(made.page(3));
  }));
}

TEST_CASE("a locked page is refused, not lost", "[os]") {
  if (!is_offered()) return;
  CHECK(holds_when_registered([](Registered& made) {
    if (made.copy(1) != Moved::done) return false;
    if (mlock(reinterpret_cast<void*>(made.page(1)), kPageSize) != 0) return false;
    return made.move(3, 1) == Moved::refused && byte_at(made.page(1)) == 5 && made.copy(4) == Moved::done;
  }));
}

TEST_CASE("a closed descriptor is lost, and the range can be registered again", "[os]") {
  if (!is_offered()) return;
  CHECK(holds_when_registered([](Registered& made) {
    if (made.copy(0) != Moved::done) return false;
    close(made.userfault.descriptor());
    if (made.copy(1) != Moved::lost || made.move(1, 0) != Moved::lost) return false;
    return made.userfault.reopen() && faults_here(made.page(1)) && byte_at(made.page(0)) == 5 &&
           made.move(1, 0) == Moved::done;
  }));
}

TEST_CASE("a number that is another file's by now is lost, and the file is left alone", "[os]") {
  if (!is_offered()) return;
  CHECK(holds_when_registered([](Registered& made) {
    const int number = made.userfault.descriptor();
    const int other = open("/dev/null", O_RDONLY);
    if (dup2(other, number) != number || made.copy(0) != Moved::lost) return false;
    made.userfault.close();
    if (fcntl(number, F_GETFD) < 0) return false;
    return made.userfault.reopen() && made.userfault.descriptor() != number && made.copy(0) == Moved::done &&
           fcntl(number, F_GETFD) >= 0;
  }));
}

TEST_CASE("a userfault moves out of the way of a number", "[os]") {
  if (!is_offered()) return;
  CHECK(holds_when_registered([](Registered& made) {
    const int number = made.userfault.descriptor();
    made.userfault.leave_number();
    if (made.userfault.descriptor() == number) return false;
    close(number);
    return made.copy(0) == Moved::done && faults_here(made.page(1));
  }));
}

TEST_CASE("the descriptor is out of the way of low numbers and closed on exec", "[os]") {
  if (!is_offered()) return;
  const Registered made;
  REQUIRE(made.opened);
  CHECK(made.userfault.descriptor() > 64);
  CHECK((fcntl(made.userfault.descriptor(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("a child that registers again has faults and pages of its own", "[os]") {
  if (!is_offered()) return;
  CHECK(holds_when_registered([](Registered& made) {
    if (made.copy(0) != Moved::done) return false;
    const bool child = test::holds_in_child([&] {
      test::catch_faults_in_attempts();
      const int inherited = made.userfault.descriptor();
      made.userfault.close();
      if (made.userfault.descriptor() != -1 || fcntl(inherited, F_GETFD) >= 0) return false;
      if (!made.userfault.reopen() || made.copy(1) != Moved::done) return false;
      byte_at(made.page(0)) = 8;
      return byte_at(made.page(1)) == 5 && faults_here(made.page(2));
    });
    return child && byte_at(made.page(0)) == 5 && faults_here(made.page(1)) && made.copy(1) == Moved::done;
  }));
}

TEST_CASE("a range that is not mapped can't be registered", "[os]") {
  const Range gone = os::map_memory(kPageSize);
  os::give_back(gone);
  Userfault userfault;
  CHECK_FALSE(userfault.open(gone));
  CHECK(userfault.descriptor() == -1);
}

TEST_CASE("other memory can be watched too, until it is not", "[os]") {
  if (!is_offered()) return;
  CHECK(holds_when_registered([](Registered& registered) {
    const Range other = os::map_memory(2 * kPageSize);
    byte_at(other.begin) = 1;
    if (registered.userfault.watch(other) != Moved::done) return false;
    const bool faulted = !os::attempt([&] { byte_at(other.begin + kPageSize) = 1; });
    registered.userfault.unwatch(other);
    return faulted && byte_at(other.begin) == 1 && byte_at(other.begin + kPageSize) == 0;
  }));
}

TEST_CASE("a part of the range whose mapping was replaced can be watched again", "[os]") {
  if (!is_offered()) return;
  CHECK(holds_when_registered([](Registered& registered) {
    const Range part{registered.page(2), registered.page(4)};
    if (registered.copy(2) != Moved::done || !os::replace_by_reservation(part)) return false;
    if (registered.userfault.watch(part) != Moved::done || !os::open_pages(part)) return false;
    const bool faulted = !os::attempt([&] { byte_at(part.begin) = 1; });
    return faulted && registered.copy(2) == Moved::done && registered.move(3, 2) == Moved::done &&
           byte_at(registered.page(3)) == 5;
  }));
}
