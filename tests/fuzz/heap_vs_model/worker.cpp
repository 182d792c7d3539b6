#include "heap_vs_model/worker.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "base/hash.h"
#include "metadata/heap_view.h"

namespace fencepost::model {

namespace {

using heap::Contents;
using record::Api;
using record::BlockRecord;
using record::BlockState;
using record::Event;

constexpr int kPoison = 0xdd, kFill = 0xbe, kSlack = 0xfd;

void* pointer(Address address) { return reinterpret_cast<void*>(address); }

bool is_all(Range range, int byte) {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(range.begin);
  return std::all_of(bytes, bytes + range.size(), [=](std::uint8_t b) { return b == byte; });
}

}  // namespace

Worker::Worker(World& world, unsigned number)
    : world_(world), number_(number), random_(mix(world.run.seed * 1000 + number)) {}

Size Worker::any_size() {
  const Size kind = below(100);
  if (kind < 45) return below(200);
  if (kind < 60) return below(kPageSize + 1);
  if (kind < 80) return (1 + below(5)) * kPageSize - below(64) + below(3) * 16;  // around what the lanes serve
  if (kind < 95) return below(Size{64} << 10);
  if (kind < 99) return below(Size{1} << 20);
  return 127 * kPageSize + below(3 * kPageSize) + below(Size{3} << 20);
}

Size Worker::any_alignment() {
  const Size kind = below(20);
  if (kind < 15) return 0;
  return Size{1} << (kind < 19 ? below(14) : below(22));
}

void Worker::check_new_contents(const Block& block, Contents contents) const {
  if (contents == Contents::zero) return must_hold(is_all(block.bytes(), 0), "a zeroed block is zero");
  if (!block.guarded) return;
  const Address filled = block.address + std::min(block.size, Size{4096});
  must_hold(is_all({block.address, filled}, kFill), "a new block is filled");
  must_hold(is_all({filled, block.bytes().end}, 0), "beyond that it is zero");
}

/// A new block of the heap becomes one of the model's.
void Worker::adopt(Block& block, Size alignment) {
  const Size natural = block.size == 0 ? 1 : std::min(std::bit_floor(block.size), Size{16});
  must_hold(block.address != 0, "there is memory");
  must_hold(is_aligned(block.address, std::max(alignment, natural)), "a block is aligned");
  block.guarded = world_.heap.chunks().arena().contains(block.address);
  block.tag = random_();
  if (!block.guarded) return;
  const BlockRecord* const record = world_.heap.chunks().find_block(block.address);
  must_hold(record != nullptr && record->state == BlockState::live, "a new block is known");
  must_hold(record->address == block.address && record->size == block.size, "by its address and size");
  must_hold(record->alloc_thread == number_ && record->alloc_trace == 100 + number_, "and by who has it");
  must_hold(record->alloc_api == block.api, "and how");
  block.data = record->data();
  block.slot = record->slot();
  must_hold(block.size == 0 || block.bytes().end <= block.data.end, "a block is inside its pages");
  must_hold(world_.space.claim(block.slot), "no address is given out twice");
}

void Worker::allocate() {
  Block block;
  block.size = any_size();
  const Size alignment = any_alignment();
  const auto contents = below(4) == 0 ? Contents::zero : Contents::pattern;
  block.api = alignment != 0 ? Api::aligned_alloc : contents == Contents::zero ? Api::calloc : Api::malloc;
  void* const given = world_.heap.allocate(block.size, alignment, contents, caller(block.api), *cache_);
  block.address = reinterpret_cast<Address>(given);
  adopt(block, alignment);
  check_new_contents(block, contents);
  write_contents(block);
  blocks_.push_back(block);
}

void Worker::expect_wait_is_intact() {
  must_hold(world_.heap.settle_if_due(*cache_, error_), "nobody wrote to what waits for its fence");
}

void Worker::bury(const Block& block) {
  if (block.guarded) waiting_.push_back(block);
  expect_wait_is_intact();
  if (waiting_.size() > 200) settle();
}

void Worker::settle() {
  must_hold(world_.heap.settle(*cache_, error_), "nobody wrote to what waits for its fence");
  cache_->settle_now = false;
  for (const Block& block : waiting_) must_hold(probe_.is_fenced(block.bytes()), "a freed block is fenced");
  dead_.insert(dead_.end(), waiting_.begin(), waiting_.end());
  waiting_.clear();
}

bool Worker::give_back(const Block& block, Api api) {
  return world_.heap.release(pointer(block.address), caller(api), *cache_, error_);
}

void Worker::release(Block block) {
  must_hold(holds_contents(block, block.address, block.size), "a block keeps its contents");
  must_hold(give_back(block, Api::free), "a block can be freed");
  bury(block);
}

/// One byte of slack is changed: exactly that one is told, and the block is freed all the same.
void Worker::release_damaged(Block block) {
  const Range before{block.data.begin, block.address}, after{block.bytes().end, block.data.end};
  const bool is_guarded = block.guarded && block.size > 0;
  if (!is_guarded || before.size() + after.size() == 0) return release(block);
  const Size at = below(before.size() + after.size());
  const Address byte = at < before.size() ? before.begin + at : after.begin + (at - before.size());
  *reinterpret_cast<std::uint8_t*>(byte) ^= 0x40;
  must_hold(!give_back(block, Api::free), "changed slack is found");
  must_hold(error_.event == Event::changed_slack && error_.api == Api::free, "as what it is");
  must_hold(error_.damage.changed == Range{byte, byte + 1} && error_.damage.count == 1, "where it is");
  must_hold(error_.damage.sample[0] == (kSlack ^ 0x40), "with what is there");
  bury(block);
}

void Worker::release_by_other_family(Block block) {
  if (!block.guarded) return release(block);
  must_hold(!give_back(block, Api::operator_delete), "delete does not free what malloc gave");
  must_hold(error_.event == Event::mismatched_family && error_.api == Api::operator_delete, "as what it is");
  bury(block);
}

/// A write to a block that waits for its fence is told, all of them are fenced even so.
void Worker::release_and_write(Block block) {
  settle();
  must_hold(give_back(block, Api::free), "a block can be freed");
  const bool waits = block.guarded && block.size > 0 && !probe_.is_fenced(block.address);
  if (!waits) return bury(block);
  must_hold(world_.run.batch, "only batches wait");
  must_hold(is_all(block.bytes(), kPoison), "what waits is poisoned");
  const Address byte = block.address + below(block.size);
  *reinterpret_cast<std::uint8_t*>(byte) ^= 0x40;
  must_hold(!world_.heap.settle(*cache_, error_), "a write to what waits is found");
  must_hold(error_.event == Event::changed_poison, "as what it is");
  must_hold(error_.damage.changed == Range{byte, byte + 1} && error_.damage.count == 1, "where it is");
  waiting_.push_back(block);
  settle();
}

void Worker::reallocate(Block& block) {
  const Block old = block;
  block.size = any_size();
  void* given = nullptr;
  must_hold(holds_contents(old, old.address, old.size), "a block keeps its contents");
  const bool good =
      world_.heap.reallocate(pointer(old.address), block.size, caller(Api::realloc), *cache_, given, error_);
  must_hold(good, "a block can be resized");
  // A block that is unguarded before and after is libc's to record.
  block.api = Api::realloc;
  block.address = reinterpret_cast<Address>(given);
  block.slot = block.data = {};
  adopt(block, 0);
  must_hold(!old.guarded || old.address != block.address, "a resized block is elsewhere");
  must_hold(holds_contents(old, block.address, std::min(old.size, block.size)), "contents come along");
  write_contents(block);
  if (old.guarded) bury(old);
}

/// Blocks of others are freed here, and ours elsewhere.
void Worker::trade(Block& block) {
  if (world_.exchange.swap(block)) release(block);
}

void Worker::ask_about_dead() {
  if (dead_.empty()) return;
  const Block& block = dead_[below(dead_.size())];
  must_hold(probe_.is_fenced(block.bytes()), "a freed block stays fenced");
  must_hold(!give_back(block, Api::free), "a second release is found");
  must_hold(error_.event == Event::call && error_.address == block.address, "as what it is");
  Size size = 0;
  must_hold(!world_.heap.size_of(pointer(block.address), caller(Api::malloc_usable_size), size, error_),
            "a dead block has no size");
  if (block.size == 0) return;
  const metadata::HeapView view(world_.heap.chunks());
  const Address address = block.slot.begin + below(block.slot.size());
  const record::Neighbours around = view.around(address);
  must_hold(!view.is_open(address), "no dead block is open");
  if (!is_known(address)) return;
  must_hold(around.has_below && around.below.address == block.address, "a dead block is found from its slot");
  must_hold(around.below.is_freed() && around.below.size == block.size, "as what it was");
}

void Worker::ask_about_live(const Block& block) {
  Size size = 0;
  must_hold(world_.heap.size_of(pointer(block.address), caller(Api::malloc_usable_size), size, error_),
            "a block has a size");
  must_hold(size == block.size, "which was asked for");
  if (!block.guarded) return;
  must_hold(probe_.is_fenced({block.data.end, block.slot.end}), "a fence after every block");
  must_hold(probe_.is_fenced(block.data.begin - 1), "and one before");
  if (block.size == 0) return;
  const metadata::HeapView view(world_.heap.chunks());
  const Address address = block.slot.begin + below(block.slot.size());
  const record::Neighbours around = view.around(address);
  must_hold(around.has_below && around.below.address == block.address, "a block is found from its slot");
  must_hold(view.is_open(address) == block.data.contains(address), "its pages are open, its fence is not");
  const Address inside = block.address + 1 + below(block.size);
  must_hold(!world_.heap.release(pointer(inside), caller(Api::free), *cache_, error_),
            "no other address frees a block");
  must_hold(error_.event == Event::call && error_.address == inside, "as what it is");
}

Block Worker::take_own() {
  std::swap(blocks_[below(blocks_.size())], blocks_.back());
  const Block block = blocks_.back();
  blocks_.pop_back();
  return block;
}

void Worker::step(Size most) {
  // As many as are wanted on average, up and down.
  if (blocks_.empty() || below(2 * most) >= blocks_.size()) return allocate();
  Block block = take_own();
  const Size kind = below(100);
  if (kind < 2) return release_damaged(block);
  if (kind < 3) return release_by_other_family(block);
  if (kind < 4) return release_and_write(block);
  if (kind < 25) return trade(block);
  if (kind < 75) return release(block);
  if (kind < 88) reallocate(block);
  if (kind >= 95) ask_about_live(block);
  blocks_.push_back(block);
  if (kind >= 88) ask_about_dead();
}

void Worker::work(std::uint64_t operations, Size most) {
  for (; operations > 0; --operations) step(most);
}

void Worker::work_in_child(std::uint64_t operations, std::vector<std::unique_ptr<Worker>>& all) {
  settle();
  world_.exchange.lock_for_fork();
  world_.space.lock_for_fork();
  world_.heap.lock_for_fork();
  const pid_t child = fork();
  must_hold(child >= 0, "a process can fork");
  if (child == 0) {
    alarm(300);
    world_.heap.reset_in_child();
    for (auto& other : all) other->cache().forget_slots();
    world_.space.unlock_after_fork();
    world_.exchange.unlock_after_fork();
    work(operations, 200);
    settle();
    check_contents();
    _exit(0);
  }
  world_.heap.unlock_after_fork();
  world_.space.unlock_after_fork();
  world_.exchange.unlock_after_fork();
  // The child has its copy of every page that we write meanwhile.
  work(operations, 200);
  int status = 0;
  must_hold(waitpid(child, &status, 0) == child && status == 0, "a forked child goes on");
}

void Worker::check_contents() const {
  for (const Block& block : blocks_) {
    must_hold(holds_contents(block, block.address, block.size), "a block keeps its contents");
  }
}

}  // namespace fencepost::model
