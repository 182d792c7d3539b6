// How the runtime comes up, and how it goes.
#include <pthread.h>

#include <algorithm>
#include <cstdlib>

#include "base/panic.h"
#include "os/file.h"
#include "os/libc_calls.h"
#include "os/libraries.h"
#include "os/modules.h"
#include "os/process.h"
#include "os/shared_counter.h"
#include "runtime/runtime.h"

// A program that links the library statically may define its own defaults; the environment overrides them.
extern "C" [[gnu::weak]] const char* fencepost_default_options();

namespace fencepost::runtime {

namespace {

constexpr Size kTebibyte = Size{1} << 40;

/// Address space is free; slots are never reused, so the more the better. 47 bits hold 128 TiB.
constexpr Size kArenaBytes = 64 * kTebibyte;
constexpr Size kDepotBytes = Size{64} << 30;  // what 32-bit ids can name
constexpr Size kThreadTableBytes = Size{64} << 20;
constexpr Size kStorageBytes = Size{16} << 30;

fence::EngineKind best_engine(options::Engine wanted) {
  switch (wanted) {
    case options::Engine::automatic:
    case options::Engine::page_move: return fence::EngineKind::page_move;
    case options::Engine::guard_region: return fence::EngineKind::guard_region;
    case options::Engine::mprotect: return fence::EngineKind::mprotect;
    case options::Engine::none: break;
  }
  return fence::EngineKind::none;
}

/// Under RLIMIT_AS every reservation counts: leaves the program most of it.
Size within_address_space(Size bytes, Size share) {
  const Size limit = os::address_space_limit();
  return limit == ~Size{0} ? bytes : std::min(bytes, limit / share);
}

void tell_panic(const char* phrase) {
  TextBuffer<256> message;
  message.text("Fencepost: internal error: ").text(phrase).text("\n");
  os::write_all(os::kStandardError, message.view());
}

void on_any_signal(int signal, siginfo_t* info, void* context) { instance().on_signal(signal, info, context); }

[[gnu::constructor(101)]] void on_load() {
  instance().ensure_started();
  instance().start_services();
}

[[gnu::destructor(101)]] void on_unload() { instance().finish(); }

}  // namespace

void Runtime::read_options() {
  if (fencepost_default_options != nullptr) {
    if (const char* const defaults = fencepost_default_options()) {
      TextBuffer<2048> complaints;
      if (!options::parse(defaults, options_, complaints)) say(complaints.view());
    }
  }
  // Whoever starts a set-user-ID program may not choose where it writes.
  if (os::runs_with_raised_rights()) return;
  TextBuffer<2048> complaints;
  const bool good = options::parse(os::initial_environment("FENCEPOST_OPTIONS"), options_, complaints);
  sink_.set_path(options_.log_path.view());
  json_sink_.set_path(options_.json_path.view());
  if (const std::string_view path = options_.progress_path.view(); !path.empty()) {
    TextBuffer<options::Text::kCapacity + 1> terminated;
    terminated.text(path).text({"\0", 1});
    progress_ = os::map_shared_counter(terminated.view().data());
  }
  if (!good) say(complaints.view());
  if (options_.help == options::Switch::on) {
    TextBuffer<8192> list;
    options::describe(list);
    sink_.write(list.view());
  }
}

void Runtime::find_tool() {
  // With raised rights the starter's word would choose a program for them.
  if (options_.tool == options::ToolUse::none || os::runs_with_raised_rights()) return;
  tool_.set_time_limit(static_cast<unsigned>(options_.tool_timeout) * 1000);
  const std::string_view named = os::initial_environment("FENCEPOST_TOOL");
  if (named.data() != nullptr) return tool_.set_path(named);
  tool_.look_beside_library();
}

heap::Settings Runtime::heap_settings() const {
  heap::Settings settings;
  settings.least_alignment = options_.least_alignment();
  settings.side = static_cast<heap::SideChoice>(options_.side);
  settings.seed = options_.seed;
  settings.fill_malloc = options_.fill_malloc;
  settings.fill_max = options_.fill_max;
  settings.fill_slack = options_.fill_slack;
  settings.max_blocks = options_.max_blocks;
  settings.memory_limit = options_.memory_limit << 20;
  settings.history = options_.history;
  settings.mismatch = options_.mismatch == options::Switch::on;
  settings.batch = options_.fence == options::FenceTime::batch;
  settings.fill_free = options_.fill_free;
  settings.progress = progress_;
  return settings;
}

void Runtime::start_up() {
  auto fresh = Stage::fresh;
  if (stage_.compare_exchange_strong(fresh, Stage::starting_heap, std::memory_order_acquire)) {
    start_heap();
    stage_.store(Stage::heap_ready, std::memory_order_release);
  }
  while (stage_.load(std::memory_order_acquire) == Stage::starting_heap) os::yield_processor();
  // Constructors of libraries run before ours, and what they allocate shall have traces too.
  if (os::loader_is_idle()) start_services();
}

void Runtime::start_heap() {
  set_panic_handler(tell_panic);
  os::remember_program_path();
  process_ = os::process_id();
  read_options();
  if (!storage_.reserve(within_address_space(kStorageBytes, 32))) panic("no memory for the first thread");
  static_cast<void>(depot_.reserve(within_address_space(kDepotBytes, 16)));
  static_cast<void>(threads_.table().reserve(within_address_space(kThreadTableBytes, 64)));
  engine_reason_ = heap_.start(heap_settings(), best_engine(options_.engine), within_address_space(kArenaBytes, 4));
  fault::Ending ending;
  ending.exit = options_.on_error == options::OnError::exit;
  ending.status = static_cast<int>(options_.exitcode);
  ending.go_on = options_.on_error == options::OnError::go_on;
  ending.max_reports = options_.max_reports;
  ending.door = {[](Address page) { return instance().heap().open_fenced(page); },
                 [](Address page) { instance().heap().close_fenced(page); }};
  read_suppressions();
  if (!handler_.install(on_any_signal, ending)) say("the fault handler could not be installed\n");
}

void Runtime::start_services() {
  auto heap_ready = Stage::heap_ready;
  if (!stage_.compare_exchange_strong(heap_ready, Stage::starting_services, std::memory_order_acquire)) return;
  { const ThreadUse main_thread(threads_); }
  os::find_libc_calls();
  sink_.keep_standard_error();
  json_sink_.keep_file();
  threads_.watch_exits([](Thread& thread, const Address* frame) {
    if (instance().stands_down()) return false;
    instance().settle(thread, {record::Api::thread_exit, frame[1], reinterpret_cast<Address>(frame)});
    return true;
  });
  pthread_atfork([] { instance().before_fork(); }, [] { instance().after_fork_in_parent(); },
                 [] { instance().after_fork_in_child(); });
  const bool loaded = unwinder_.load();
  if (!loaded && options_.verbosity >= 1) {
    say("libunwind.so.8 was not found: traces follow frame pointers and may be short\n");
  }
  unwinder_.note_module_files();
  find_tool();
  at_start_ = totals();
  stage_.store(Stage::ready, std::memory_order_release);
  if (options_.verbosity >= 2) {
    TextBuffer<256> message;
    message.text("engine ").text(heap_.engine());
    if (!engine_reason_.empty()) message.text(", because ").text(engine_reason_);
    message.text("\n");
    say(message.view());
  }
}

void Runtime::finish() {
  if (stage_.load(std::memory_order_acquire) != Stage::ready) return;
  const CallSite site{record::Api::exit, reinterpret_cast<Address>(__builtin_return_address(0)),
                      reinterpret_cast<Address>(__builtin_frame_address(0))};
  settle_all(site);
  heap_.check_all([&](record::FaultRecord& error) { fail(error, site); });
  if (options_.verbosity >= 1) {
    tell_coverage();
    tell_fence_time();
    tell_suppressed();
  }
  if (options_.on_error != options::OnError::go_on || handler_.findings() == 0) return;
  tell_findings();
  // We are inside exit(3): glibc goes on with what is left of it, and ends with this status instead.
  std::exit(static_cast<int>(options_.exitcode));
}

}  // namespace fencepost::runtime
