#include "symbolize/helper_process.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "symbolize/wire.h"

namespace fencepost::symbolize {

namespace {

/// Debug information of this much at once is no debug information but a broken file.
constexpr rlim_t kMostMemory = rlim_t{8} << 30;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kMemoryIsLimited = false;  // the sanitizer's shadow counts
#else
constexpr bool kMemoryIsLimited = true;
#endif

/// Its death is quiet: no core, no words of an assertion among the reports. Ctrl-C is meant for the program,
/// whose report still has to be read.
void prepare_child() {
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  const rlimit memory{kMostMemory, kMostMemory};
  if (kMemoryIsLimited) setrlimit(RLIMIT_DATA, &memory);
  for (const int fatal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) std::signal(fatal, SIG_DFL);
  for (const int other : {SIGINT, SIGQUIT, SIGHUP}) std::signal(other, SIG_IGN);
  const Descriptor nowhere(open("/dev/null", O_RDWR | O_CLOEXEC));
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nowhere.get(), standard);
}

void serve(int socket, const Answering& answering) {
  for (;;) {
    const auto bytes = receive_message(socket, {});
    const auto question = bytes ? question_from(*bytes) : std::nullopt;
    if (!question || !send_message(socket, to_bytes(answering(*question)))) return;
  }
}

}  // namespace

HelperProcess::HelperProcess(const Answering& answering) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return;
  socket_ = Descriptor(ends[0]);
  Descriptor theirs(ends[1]);
  child_ = fork();
  if (child_ != 0) return;
  socket_.reset();
  prepare_child();
  try {
    serve(theirs.get(), answering);
  } catch (...) {
    // Out of memory, most likely: the parent sees the end of the stream.
  }
  _exit(0);
}

HelperProcess::~HelperProcess() {
  socket_.reset();
  if (child_ <= 0) return;
  // It may be in the middle of a question that it never ends, and has nothing to lose.
  kill(child_, SIGKILL);
  while (waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::optional<Answer> HelperProcess::ask(const Question& question, std::chrono::milliseconds patience) {
  if (child_ <= 0 || !send_message(socket_.get(), to_bytes(question))) return {};
  const auto bytes = receive_message(socket_.get(), patience);
  return bytes ? answer_from(*bytes) : std::nullopt;
}

}  // namespace fencepost::symbolize
