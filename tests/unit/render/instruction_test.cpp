#include "render/instruction.h"

#include <catch2/catch.hpp>

using namespace fencepost;
using render::decode;
using render::DecodedInstruction;

namespace {

using Bytes = std::vector<std::uint8_t>;
using Registers = std::map<std::string, std::uint64_t>;

/// An instruction at 0x401000 that met a fence at `address`.
findings::Finding fault(Bytes bytes, Registers registers, std::optional<std::uint64_t> address) {
  findings::Finding finding;
  registers["rip"] = 0x401000;
  bytes.resize(15, 0x90);
  finding.instruction = {std::move(bytes), std::move(registers)};
  finding.address = address;
  return finding;
}

DecodedInstruction decoded(Bytes bytes, Registers registers, std::optional<std::uint64_t> address) {
  const auto result = decode(fault(std::move(bytes), std::move(registers), address));
  REQUIRE(result.has_value());
  return *result;
}

}  // namespace

TEST_CASE("a store tells its size and its operands", "[render]") {
  const auto store = decoded({0x89, 0x14, 0x88}, {{"rax", 0x1000}, {"rcx", 4}, {"rdx", 0xffffffff00000007}}, 0x1010);
  CHECK(store.text == "mov dword ptr [rax+rcx*4], edx");
  CHECK(store.registers == std::vector<render::RegisterValue>{{"rax", 0x1000}, {"rcx", 4}, {"edx", 7}});
  CHECK(store.access_size == 4u);
  CHECK(store.access == "write");
}

TEST_CASE("the size is that of the operand that the address lies in", "[render]") {
  // The last bytes of 16 lie behind the fence.
  CHECK(decoded({0x0f, 0x10, 0x00}, {{"rax", 0xff8}}, 0x1000).access_size == 16u);
  CHECK_FALSE(decoded({0x0f, 0x10, 0x00}, {{"rax", 0xff8}}, 0x1008).access_size.has_value());
  CHECK_FALSE(decoded({0x0f, 0x10, 0x00}, {{"rax", 0xff8}}, 0xff7).access_size.has_value());
  const auto none = decoded({0x90}, {}, 0x1000);
  CHECK_FALSE(none.access_size.has_value());
  CHECK(none.access.empty());
}

TEST_CASE("copies have two operands in memory", "[render]") {
  const Registers registers{{"rsi", 0x1000}, {"rdi", 0x2000}, {"rcx", 8}};
  const auto source = decoded({0xf3, 0xa4}, registers, 0x1000);  // rep movsb
  CHECK(source.access == "read");
  CHECK(source.access_size == 1u);
  CHECK(decoded({0xf3, 0x48, 0xa5}, registers, 0x2000).access == "write");  // rep movsq
  CHECK(decoded({0xf3, 0x48, 0xa5}, registers, 0x2000).access_size == 8u);
}

TEST_CASE("what is read, changed and written is both", "[render]") {
  const auto both = decoded({0x48, 0x83, 0x00, 0x01}, {{"rax", 0x1000}}, 0x1000);  // add qword ptr [rax], 1
  CHECK(both.access == "read and write");
  CHECK(both.access_size == 8u);
}

TEST_CASE("the stack is written below its pointer", "[render]") {
  CHECK(decoded({0x50}, {{"rsp", 0x1000}}, 0xff8).access_size == 8u);              // push rax
  CHECK(decoded({0xe8, 0, 0, 0, 0}, {{"rsp", 0x1000}}, 0xff8).access == "write");  // call
  CHECK(decoded({0xc3}, {{"rsp", 0x1000}}, 0x1000).access == "read");              // ret
  CHECK(decoded({0xe8, 0, 0, 0, 0}, {{"rsp", 0x1000}}, 0xff8).text == "call 0x401005");
}

TEST_CASE("addresses relative to the instruction are followed", "[render]") {
  const auto load = decoded({0x8b, 0x05, 0xfa, 0x0f, 0, 0}, {}, 0x402000);  // mov eax, [rip+0xffa]
  CHECK(load.access_size == 4u);
  CHECK(load.registers.empty());
}

TEST_CASE("without an address, it is the operand that is not canonical", "[render]") {
  CHECK(decoded({0x48, 0x8b, 0x00}, {{"rax", 0xdeadbeefdeadbeef}}, {}).access == "read");
  CHECK(decoded({0x48, 0x8b, 0x00}, {{"rax", 0x1000}}, {}).access.empty());
}

TEST_CASE("parts of registers are shown as such", "[render]") {
  const auto high = decoded({0x88, 0x20}, {{"rax", 0x1234}}, 0x1234);  // mov [rax], ah
  CHECK(high.registers == std::vector<render::RegisterValue>{{"rax", 0x1234}, {"ah", 0x12}});
  CHECK(decoded({0x8d, 0x04, 0x08}, {{"rax", 1}, {"rcx", 2}}, 3).access.empty());  // lea
  CHECK(decoded({0x64, 0x8b, 0x00}, {{"rax", 0x1000}}, 0x1000).access.empty());    // mov eax, fs:[rax]
}

TEST_CASE("what can't be decoded is left out", "[render]") {
  CHECK_FALSE(decode(findings::Finding()).has_value());
  CHECK_FALSE(decode(fault({0x06}, {}, 0)).has_value());
  findings::Finding cut = fault({}, {}, 0);
  cut.instruction->bytes = {0x48, 0x8b};
  CHECK_FALSE(decode(cut).has_value());
  cut.instruction->bytes.clear();
  CHECK_FALSE(decode(cut).has_value());
}
