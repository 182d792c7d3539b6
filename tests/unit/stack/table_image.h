// An unwind table of one function, made byte by byte: .eh_frame_hdr, then .eh_frame.
#pragma once

#include <cstring>
#include <string>

#include "base/types.h"

namespace fencepost::test {

namespace detail {

template <typename Number>
void put(std::string& bytes, Number value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// The length of an entry, then its contents, filled up with instructions that do nothing.
inline void put_entry(std::string& bytes, std::string contents) {
  while ((contents.size() + sizeof(std::uint32_t)) % 8 != 0) contents.push_back('\0');
  put(bytes, static_cast<std::uint32_t>(contents.size()));
  bytes += contents;
}

}  // namespace detail

/// The function's code is said to be the table itself, from its first byte on. All pointers are relative: the
/// bytes mean the same wherever they are.
[[nodiscard]] inline std::string table_image(const std::string& common_instructions, const std::string& instructions,
                                             std::uint32_t code_size) {
  constexpr std::uint8_t kRelative = 0x1b, kPlain = 0x03, kTableOfPairs = 0x3b;
  constexpr Size kHeaderSize = 4 + 2 * sizeof(std::uint32_t) + 2 * sizeof(std::int32_t);
  std::string frames;
  std::string common(4, '\0');  // what tells it from a description
  common += '\1';               // version
  common.append("zR", 3);
  common += '\1';    // code unit
  common += '\x78';  // data unit: -8
  common += '\x10';  // return address
  common += '\1';    // size of the augmentation
  common += static_cast<char>(kRelative);
  detail::put_entry(frames, common + common_instructions);
  const Size description = kHeaderSize + frames.size();
  std::string function;
  detail::put(function,
              static_cast<std::uint32_t>(frames.size() + sizeof(std::uint32_t)));  // back to the common entry
  detail::put(function,
              -static_cast<std::int32_t>(description + 2 * sizeof(std::uint32_t)));  // where the code begins
  detail::put(function, code_size);
  function += '\0';  // size of the augmentation
  detail::put_entry(frames, function + instructions);

  std::string image;
  for (const std::uint8_t byte : {std::uint8_t{1}, kRelative, kPlain, kTableOfPairs}) image += static_cast<char>(byte);
  detail::put(image, static_cast<std::int32_t>(kHeaderSize - sizeof(std::uint32_t)));
  detail::put(image, std::uint32_t{1});
  detail::put(image, std::int32_t{0});
  detail::put(image, static_cast<std::int32_t>(description));
  return image + frames;
}

}  // namespace fencepost::test
