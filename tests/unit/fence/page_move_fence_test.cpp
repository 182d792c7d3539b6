#include "fence/page_move_fence.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "fence/engine_rig.h"

using namespace fencepost;
using fence::PageMoveFence;
using test::byte_at;
using test::faults_here;

namespace {

constexpr char kPattern = static_cast<char>(test::kEnginePattern);

using Rig = test::EngineRig<PageMoveFence>;

/// True in a child in which `check` held of an engine with a few prepared pages.
template <typename Check>
bool holds_with_engine(Check check, Size pages = 16) {
  return test::holds_in_child([&] {
    test::catch_faults_in_attempts();
    Rig rig(pages);
    return rig.works() && check(rig);
  });
}

bool is_offered() { return test::is_offered<PageMoveFence>(); }

bool all_patterned(Range pages) {
  for (Address at = pages.begin; at < pages.end; ++at) {
    if (byte_at(at) != kPattern) return false;
  }
  return true;
}

/// Whether the engine opens, moves and fences pages from `first` on.
bool still_works(Rig& rig, Size first) {
  const Range from = rig.pages(first);
  const Range to = rig.pages(first + 2);
  if (!rig.engine().open(from)) return false;
  byte_at(from.begin) = 3;
  return rig.engine().move(from, to) && faults_here(from.begin) && byte_at(to.begin) == 3 && rig.engine().fence(to) &&
         faults_here(to.begin);
}

}  // namespace

TEST_CASE("opened pages hold the pattern", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](Rig& rig) {
    return rig.engine().open(rig.pages(1, 3)) && all_patterned(rig.pages(1, 3)) && faults_here(rig.pages(0).begin) &&
           faults_here(rig.pages(4).begin);
  }));
}

TEST_CASE("a move keeps the contents and fences where they were", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](Rig& rig) {
    if (!rig.engine().open(rig.pages(1))) return false;
    byte_at(rig.pages(1).begin) = 1;
    byte_at(rig.pages(1).end - 1) = 2;
    if (!rig.engine().move(rig.pages(1), rig.pages(5))) return false;
    return faults_here(rig.pages(1).begin) && faults_here(rig.pages(1).end - 1) && byte_at(rig.pages(5).begin) == 1 &&
           byte_at(rig.pages(5).begin + 1) == kPattern && byte_at(rig.pages(5).end - 1) == 2;
  }));
}

TEST_CASE("a move takes slots of several pages along", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](Rig& rig) {
    const Range from = rig.pages(1, 4), to = rig.pages(7, 4);
    if (!rig.engine().open(from)) return false;
    for (Address at = from.begin; at < from.end; at += kPageSize) byte_at(at) = static_cast<char>(at / kPageSize);
    if (!rig.engine().move(from, to)) return false;
    for (Address at = from.begin; at < from.end; at += kPageSize) {
      if (!faults_here(at) || byte_at(at - from.begin + to.begin) != static_cast<char>(at / kPageSize)) return false;
    }
    return faults_here(to.end);
  }));
}

TEST_CASE("a move of several pages that can't be finished leaves its goal closed", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](Rig& rig) {
    // The page in the middle is missing.
    if (!rig.engine().open(rig.pages(1)) || !rig.engine().open(rig.pages(3))) return false;
    if (rig.engine().move(rig.pages(1, 3), rig.pages(7, 3))) return false;
    for (Size page = 7; page < 10; ++page) {
      if (!faults_here(rig.pages(page).begin)) return false;
    }
    return rig.engine().open(rig.pages(7, 3)) && all_patterned(rig.pages(7, 3)) &&
           rig.engine().fence(rig.pages(1, 3)) && faults_here(rig.pages(1).begin) && faults_here(rig.pages(3).begin);
  }));
}

TEST_CASE("a move onto an open page, or of a missing one, changes nothing", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](Rig& rig) {
    if (!rig.engine().open(rig.pages(1)) || !rig.engine().open(rig.pages(3))) return false;
    byte_at(rig.pages(1).begin) = 1;
    byte_at(rig.pages(3).begin) = 3;
    if (rig.engine().move(rig.pages(1), rig.pages(3)) || rig.engine().move(rig.pages(5), rig.pages(7))) return false;
    return byte_at(rig.pages(1).begin) == 1 && byte_at(rig.pages(3).begin) == 3 && faults_here(rig.pages(7).begin) &&
           still_works(rig, 8);
  }));
}

TEST_CASE("no thread gets past a move once it has returned", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine(
      [](Rig& rig) {
        std::atomic<Size> moved = 0;
        std::atomic<bool> slipped = false;
        std::thread writer([&] {
          for (Size page = 0; page < 200; ++page) {
            for (;;) {
              const bool was_moved = moved > page;
              const bool faulted = faults_here(rig.pages(2 * page).begin);
              if (was_moved && !faulted) slipped = true;
              if (was_moved) break;
            }
          }
        });
        bool good = rig.engine().open(rig.pages(0));
        for (Size page = 0; page < 200; ++page) {
          good = rig.engine().move(rig.pages(2 * page), rig.pages(2 * page + 2)) && good;
          moved = page + 1;
        }
        writer.join();
        return good && !slipped;
      },
      402));
}

TEST_CASE("a page that was locked is fenced, and the engine goes on", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](Rig& rig) {
    if (!rig.engine().open(rig.pages(1))) return false;
    if (mlock(reinterpret_cast<void*>(rig.pages(1).begin), kPageSize) != 0) return false;
    if (rig.engine().move(rig.pages(1), rig.pages(3))) return false;
    return rig.engine().fence(rig.pages(1)) && faults_here(rig.pages(1).begin) && faults_here(rig.pages(3).begin) &&
           still_works(rig, 6);
  }));
}

TEST_CASE("a forked child takes the engine up again, and its parent keeps its own", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](Rig& rig) {
    if (!rig.engine().open(rig.pages(1))) return false;
    byte_at(rig.pages(1).begin) = 1;
    const bool child = test::holds_in_child([&] {
      test::catch_faults_in_attempts();
      const int inherited = rig.engine().descriptor();
      rig.engine().after_fork_in_child();
      return rig.engine().descriptor() >= 0 &&
             (rig.engine().descriptor() == inherited || fcntl(inherited, F_GETFD) < 0) &&
             byte_at(rig.pages(1).begin) == 1 && faults_here(rig.pages(0).begin) && still_works(rig, 4) &&
             rig.engine().fence(rig.pages(1)) && faults_here(rig.pages(1).begin);
    });
    return child && byte_at(rig.pages(1).begin) == 1 && faults_here(rig.pages(4).begin) && still_works(rig, 4);
  }));
}

TEST_CASE("a child that ran no hooks notices, and asks nothing of its parent's memory", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](Rig& rig) {
    if (!rig.engine().open(rig.pages(1))) return false;
    byte_at(rig.pages(1).begin) = 1;
    const bool child = test::holds_in_child([&] {
      test::catch_faults_in_attempts();
      return still_works(rig, 4) && rig.engine().fence(rig.pages(1)) && faults_here(rig.pages(1).begin);
    });
    return child && byte_at(rig.pages(1).begin) == 1 && faults_here(rig.pages(4).begin) && still_works(rig, 4);
  }));
}

TEST_CASE("an engine whose descriptor was closed recovers", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](Rig& rig) {
    if (!rig.engine().open(rig.pages(1))) return false;
    close(rig.engine().descriptor());
    // The move notices; the block is then fenced in place.
    static_cast<void>(rig.engine().move(rig.pages(1), rig.pages(3)));
    return rig.engine().fence(rig.pages(1)) && faults_here(rig.pages(1).begin) && rig.engine().descriptor() >= 0 &&
           still_works(rig, 6);
  }));
  CHECK(holds_with_engine([](Rig& rig) {
    close(rig.engine().descriptor());
    return still_works(rig, 6) && faults_here(rig.pages(0).begin);
  }));
}

TEST_CASE("threads that notice a closed descriptor together take it up again once", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](Rig& rig) {
    for (int round = 0; round < 50; ++round) {
      close(rig.engine().descriptor());
      std::barrier together(3);
      std::vector<std::thread> threads;
      for (int slot : {0, 2, 4}) {
        threads.emplace_back([&rig, &together, slot] {
          together.arrive_and_wait();
          static_cast<void>(rig.engine().open(rig.pages(slot)));
        });
      }
      for (std::thread& thread : threads) thread.join();
      for (int slot : {0, 2, 4}) {
        if (!rig.engine().fence(rig.pages(slot)) || !faults_here(rig.pages(slot).begin)) return false;
      }
      if (rig.engine().descriptor() < 0) return false;
    }
    return still_works(rig, 6);
  }));
}

TEST_CASE("an engine whose number became another file's recovers and leaves the file alone", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](Rig& rig) {
    const int number = rig.engine().descriptor();
    const int other = open("/dev/null", O_RDONLY);
    if (dup2(other, number) != number) return false;
    return still_works(rig, 6) && fcntl(number, F_GETFD) >= 0 && rig.engine().descriptor() != number;
  }));
}

TEST_CASE("an engine that can't recover opens nothing, and what it fences stays fenced", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](Rig& rig) {
    if (!rig.engine().open(rig.pages(1)) || !test::forbid_system_call(SYS_userfaultfd)) return false;
    close(rig.engine().descriptor());
    if (rig.engine().open(rig.pages(3)) || rig.engine().move(rig.pages(1), rig.pages(5))) return false;
    const Range one[] = {rig.pages(1)};
    return rig.engine().fence_many(one) && faults_here(rig.pages(1).begin) && !rig.engine().prepare(rig.pages(8));
  }));
}

TEST_CASE("an engine leaves its number to a file that wants it", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](Rig& rig) {
    const int number = rig.engine().descriptor();
    rig.engine().leave_number();
    close(number);
    return rig.engine().descriptor() != number && still_works(rig, 0);
  }));
}
