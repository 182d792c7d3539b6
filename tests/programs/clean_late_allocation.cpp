#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

static void allocate(const char *who) {
  const auto text = std::make_unique<std::string>(100, 'x');
  std::free(std::realloc(std::malloc(10), 1000));
  std::printf("%s\n", who);
}

struct AtEnd {
  const char *who;
  std::string kept = std::string(100, 'y');
  ~AtEnd() { allocate(who); }
};

static AtEnd global{"global destructor"};
static thread_local AtEnd of_thread{"thread_local destructor"};

static void __attribute__((destructor(101))) very_last() { allocate("destructor function"); }

static void handler() { allocate("atexit handler"); }

int main() {
  std::thread([] { allocate(of_thread.kept.empty() ? "empty" : "thread"); }).join();
  allocate(of_thread.kept.empty() ? "empty" : "main");
  std::atexit(handler);
  return 0;
}
