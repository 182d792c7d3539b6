// JSON (RFC 8259) into a bounded buffer, on one line.
#pragma once

#include <string_view>

#include "base/types.h"
#include "base/writer.h"

namespace fencepost::report {

/// Sets the commas and escapes; that objects and arrays are closed again is the caller's part. What does not fit is
/// dropped, and the writer below tells. Context: signal.
class JsonWriter {
 public:
  explicit JsonWriter(Writer& out) : out_(out) {}

  void begin_object();
  void begin_object(std::string_view key);
  void end_object();
  void begin_array(std::string_view key);
  void end_array();

  // Members of an object. Keys are written as they are.
  void text(std::string_view key, std::string_view value);
  void number(std::string_view key, std::uint64_t value);
  /// "0x…" in quotes: numbers of more than 53 bits lose some in most readers.
  void hex(std::string_view key, std::uint64_t value);
  void boolean(std::string_view key, bool value);
  /// The bytes as hexadecimal digits without spaces, in quotes.
  void bytes(std::string_view key, const std::uint8_t* bytes, Size count);

  // Elements of an array.
  void text(std::string_view value);
  void number(std::uint64_t value);

  /// A point to go back to when what follows does not fit.
  struct Mark {
    Size size;
    bool comma;
  };
  [[nodiscard]] Mark mark() const { return {out_.view().size(), comma_}; }
  void back_to(const Mark& mark);

 private:
  void separate();
  void key(std::string_view key);
  void quoted(std::string_view text);

  Writer& out_;
  bool comma_ = false;  ///< before whatever comes next
};

}  // namespace fencepost::report
