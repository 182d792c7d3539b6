// A heap used at random by several threads, held against a model of it.
#include <getopt.h>

#include <cstring>
#include <string_view>
#include <thread>

#include "heap_vs_model/worker.h"

namespace fencepost::model {
namespace {

using Workers = std::vector<std::unique_ptr<Worker>>;

constexpr unsigned kRounds = 4;

struct Sum {
  std::uint64_t blocks = 0, bytes = 0, unguarded = 0;
  friend bool operator==(const Sum&, const Sum&) = default;
};

void add(Sum& sum, const std::vector<Block>& blocks) {
  for (const Block& block : blocks) {
    sum.blocks += block.guarded ? 1 : 0;
    sum.bytes += block.guarded ? block.size : 0;
    sum.unguarded += block.guarded ? 0 : 1;
  }
}

Sum expected(World& world, Workers& workers) {
  Sum sum;
  add(sum, world.exchange.all());
  for (auto& worker : workers) add(sum, worker->blocks());
  return sum;
}

Sum counted(Workers& workers) {
  Sum sum;
  for (auto& worker : workers) {
    const heap::ThreadCounters& counters = worker->cache().counters;
    sum.blocks += counters.guarded.get() - counters.guarded_freed.get();
    sum.bytes += counters.guarded_bytes.get() - counters.guarded_bytes_freed.get();
    sum.unguarded += counters.unguarded.get() - counters.unguarded_freed.get();
  }
  return sum;
}

/// Overwrites a byte of slack of some blocks: a check on demand finds each once, and puts it right.
void check_slack(World& world, Workers& workers) {
  std::map<Address, bool> changed;  // and whether it was told
  for (auto& worker : workers) {
    for (Size i = 0; i < worker->blocks().size(); i += 7) {
      const Block& block = worker->blocks()[i];
      if (!block.guarded || block.bytes().end == block.data.end || block.size == 0) continue;
      *reinterpret_cast<std::uint8_t*>(block.data.end - 1) ^= 0x11;
      changed[block.data.end - 1] = false;
    }
  }
  Size told = 0;
  world.heap.check_all(
      [&](const record::FaultRecord& error) {
        const auto found = changed.find(error.address);
        must_hold(found != changed.end() && !found->second, "only what was changed is told, and once");
        must_hold(error.damage.count == 1, "a byte is a byte");
        found->second = true;
        ++told;
      },
      heap::Mend::yes);
  must_hold(told == changed.size(), "all that was changed is told");
  world.heap.check_all([](const record::FaultRecord&) { must_hold(false, "what was mended is intact"); });
}

/// Nobody else is at work: everything must add up.
void check_all(World& world, Workers& workers) {
  for (auto& worker : workers) {
    worker->settle();
    worker->check_contents();
    worker->cache().live.tell(world.heap.live());
  }
  const Sum sum = expected(world, workers);
  must_hold(counted(workers) == sum, "live blocks and bytes add up");
  must_hold(world.heap.live().now() == static_cast<std::int64_t>(sum.blocks), "live blocks are counted");
  must_hold(world.heap.reuses() == 0, "there is address space enough");
  check_slack(world, workers);
}

void in_threads(Workers& workers, auto body) {
  std::vector<std::thread> threads;
  for (auto& worker : workers) threads.emplace_back([&worker, body] { body(*worker); });
  for (std::thread& thread : threads) thread.join();
}

void release_all(World& world, Workers& workers) {
  in_threads(workers, [](Worker& worker) {
    for (const Block& block : worker.blocks()) worker.release(block);
    worker.blocks().clear();
  });
  for (const Block& block : world.exchange.all()) workers.front()->release(block);
  world.exchange.all().clear();
}

/// The limit was met, and after it is left blocks are guarded again.
void check_limit(World& world, Workers& workers) {
  must_hold(world.heap.shortage() == heap::Shortage::memory, "the memory limit was met");
  for (auto& worker : workers) worker->allocate();
  for (auto& worker : workers) must_hold(worker->blocks().back().guarded, "blocks are guarded again");
}

void run_rounds(World& world) {
  Workers workers;
  for (unsigned number = 0; number < world.run.threads; ++number)
    workers.push_back(std::make_unique<Worker>(world, number));
  const std::uint64_t operations = world.run.operations / world.run.threads / kRounds;
  for (unsigned round = 0; round < kRounds; ++round) {
    // Few blocks, then as many as meet the limit, then few again.
    const Size most = round % 2 == 0 ? 100 : (world.run.memory_limit << 20) / kPageSize / world.run.threads;
    in_threads(workers, [&](Worker& worker) {
      if (&worker == workers.front().get()) worker.work_in_child(operations / 20, workers);
      worker.work(operations, most);
    });
    check_all(world, workers);
  }
  release_all(world, workers);
  check_all(world, workers);
  must_hold(expected(world, workers) == Sum{}, "all is released");
  check_limit(world, workers);
  release_all(world, workers);
}

fence::EngineKind engine_of(std::string_view name) {
  if (name == "page_move") return fence::EngineKind::page_move;
  if (name == "guard_region") return fence::EngineKind::guard_region;
  must_hold(name == "mprotect", "engine: page_move, guard_region or mprotect");
  return fence::EngineKind::mprotect;
}

Run read_arguments(int count, char** arguments) {
  const option options[] = {{"engine", 1, nullptr, 'e'},  {"fence", 1, nullptr, 'f'},
                            {"seed", 1, nullptr, 's'},    {"operations", 1, nullptr, 'o'},
                            {"threads", 1, nullptr, 't'}, {"memory-limit", 1, nullptr, 'm'},
                            {"history", 1, nullptr, 'h'}, {nullptr, 0, nullptr, 0}};
  Run run;
  for (int key = 0; (key = getopt_long(count, arguments, "", options, nullptr)) != -1;) {
    switch (key) {
      case 'e': run.engine = engine_of(optarg); break;
      case 'f': run.batch = std::strcmp(optarg, "batch") == 0; break;
      case 's': run.seed = std::strtoull(optarg, nullptr, 0); break;
      case 'o': run.operations = std::strtoull(optarg, nullptr, 0); break;
      case 't': run.threads = static_cast<unsigned>(std::strtoul(optarg, nullptr, 0)); break;
      case 'm': run.memory_limit = std::strtoull(optarg, nullptr, 0); break;
      case 'h': run.history = std::strtoull(optarg, nullptr, 0); break;
      default: std::exit(2);
    }
  }
  must_hold(run.threads > 0 && run.memory_limit > 0, "at least one thread, and some memory");
  return run;
}

}  // namespace
}  // namespace fencepost::model

int main(int count, char** arguments) {
  using namespace fencepost;
  const auto world = std::make_unique<model::World>();
  world->run = model::read_arguments(count, arguments);
  const model::Run& run = world->run;
  heap::Settings settings;
  settings.batch = run.batch;
  settings.side = heap::SideChoice::random;
  settings.seed = run.seed;
  settings.memory_limit = run.memory_limit << 20;
  settings.history = run.history;
  const std::string_view reason = world->heap.start(settings, run.engine, Size{1} << 42);
  std::printf("engine %.*s, fence=%s, seed %llu, %llu operations of %u threads\n",
              static_cast<int>(world->heap.engine().size()), world->heap.engine().data(), run.batch ? "batch" : "now",
              static_cast<unsigned long long>(run.seed), static_cast<unsigned long long>(run.operations), run.threads);
  std::fflush(stdout);
  if (!reason.empty()) {
    std::printf("not offered here: %.*s\n", static_cast<int>(reason.size()), reason.data());
    return 77;
  }
  model::run_rounds(*world);
  return 0;
}
