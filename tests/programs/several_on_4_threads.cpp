// With on_error=continue: threads that meet the same fences at once, again and again.
#include <stdlib.h>
#include <unistd.h>

#include <thread>
#include <vector>

int main() {
  char *volatile shared = static_cast<char *>(malloc(5000));
  free(shared);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&shared] {
      for (int turn = 0; turn < 2000; ++turn) {
        volatile char *const own = static_cast<char *>(malloc(48));
        own[48] = 1;
        shared[turn % 5000] = 1;
        free(const_cast<char *>(own));
      }
    });
  }
  for (std::thread &thread : threads) thread.join();
  return write(STDOUT_FILENO, "done\n", 5) == 5 ? 0 : 1;
}
