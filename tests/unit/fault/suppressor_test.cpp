#include "fault/suppressor.h"

#include <catch2/catch.hpp>
#include <string>

#include "fault/fault_rig.h"

using namespace fencepost;
using fault::Suppressor;
using Answer = Suppressor::Answer;
using record::BlockRecord;
using test::FaultRig;

namespace {

constexpr Address kTrace[] = {0x403001, 0x404001};

record::FaultRecord double_free_of(const BlockRecord& block) {
  record::FaultRecord error;
  error.event = record::Event::call;
  error.api = record::Api::free;
  error.address = block.address;
  return error;
}

/// By page: what the rig's traces are made of.
report::ModuleName find_module(Address pc) {
  switch (pc >> 12) {
    case 0x401: return {"/opt/app/allocates", 0x400000, false};
    case 0x402: return {"/opt/app/releases", 0x400000, false};
    case 0x403: return {"/opt/app/errs", 0x400000, false};
    default: return {};
  }
}

struct Rig {
  explicit Rig(std::string text) : content(std::move(text)) {
    fault_rig.free_block(block);
    rules.set_room(room, 4);
    rules.add(content, "own.supp", [](std::string_view line) { FAIL(line); });
    suppressor.set_rules(rules);
  }

  Answer recall() { return suppressor.recall(key()); }
  bool decide() { return suppressor.decide(double_free_of(block), kTrace, key()); }
  std::uint64_t key() const { return suppressor.key_of(double_free_of(block), kTrace); }

  std::string content;
  FaultRig fault_rig;
  BlockRecord& block = fault_rig.add_block(40);
  suppression::Rule room[4];
  suppression::Rules rules;
  Suppressor suppressor{fault_rig.sources(), find_module};
};

}  // namespace

TEST_CASE("frames of every trace are held against the rules", "[fault]") {
  for (const char* const module : {"errs", "releases", "allocates", "/opt/app/err?"}) {
    Rig rig(std::string("double-free module=") + module);
    INFO(module);
    CHECK(rig.decide());
  }
  CHECK(Rig("double-free module=errs module=releases module=allocates").decide());
  CHECK(!Rig("double-free module=errs module=others").decide());
  CHECK(!Rig("use-after-free module=errs").decide());
}

TEST_CASE("an answer is remembered, and each suppression counts what it did", "[fault]") {
  Rig rig("use-after-free\ndouble-free\n");
  CHECK(rig.recall() == Answer::unknown);
  CHECK(rig.decide());
  CHECK(rig.recall() == Answer::suppressed);
  CHECK(rig.recall() == Answer::suppressed);
  CHECK(rig.rules.all()[0].uses == 0);
  CHECK(rig.rules.all()[1].uses == 3);
  rig.suppressor.reset_in_child();
  CHECK(rig.rules.all()[1].uses == 0);
  CHECK(rig.recall() == Answer::suppressed);
}

TEST_CASE("that a finding is to be told is remembered too", "[fault]") {
  Rig rig("use-after-free");
  CHECK(!rig.decide());
  CHECK(rig.recall() == Answer::told);
  CHECK(rig.rules.all()[0].uses == 0);
}

TEST_CASE("findings of other kinds, calls and blocks have other names", "[fault]") {
  Rig rig("double-free");
  const record::FaultRecord error = double_free_of(rig.block);
  record::FaultRecord inside = error;
  inside.address += 8;
  CHECK(rig.suppressor.key_of(inside, kTrace) != rig.key());
  constexpr Address kOther[] = {0x403002, 0x404001};
  CHECK(rig.suppressor.key_of(error, kOther) != rig.key());
  const std::uint64_t before = rig.key();
  const Address other_place[] = {0x405001};
  rig.block.alloc_trace = rig.fault_rig.traces().store(other_place);
  CHECK(rig.key() != before);
}

TEST_CASE("a ready-made suppression is of the error, or of the block that was found changed", "[fault]") {
  Rig rig("wild-access");
  const auto ready_made = [&](const record::FaultRecord& fault) {
    TextBuffer<256> out;
    rig.suppressor.write_ready_made(fault::examine(rig.fault_rig.sources(), fault), {kTrace, 1}, out);
    return std::string(out.view());
  };
  CHECK(ready_made(double_free_of(rig.block)) == "double-free module=errs");
  record::FaultRecord changed;
  changed.event = record::Event::changed_poison;
  changed.address = rig.block.address;
  CHECK(ready_made(changed) == "use-after-free module=allocates");
  rig.block.alloc_trace = 0;
  CHECK(ready_made(changed) == "use-after-free module=errs");
}
