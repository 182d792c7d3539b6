// An object of JSON, read field by field: every mistake in it is a FormatError that says where it is.
#pragma once

#include <charconv>
#include <concepts>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "findings/json.h"

namespace fencepost::findings {

/// Keeps fields in their order, in which they are nearly always asked for.
using Json = nlohmann::ordered_json;

/// One object of a line, which knows where it is, for messages.
class Object {
 public:
  explicit Object(const Json& json) : Object(json, nullptr, "") {}

  /// The field, or null. Fields that come in the order in which they are asked for are found at once.
  [[nodiscard]] const Json* find(std::string_view name) {
    if (parent_ == nullptr) known_.insert(name);
    for (std::size_t tried = 0; tried < fields_.size(); ++tried) {
      if (next_ == fields_.size()) next_ = 0;
      const auto& [field, value] = fields_.begin()[static_cast<std::ptrdiff_t>(next_++)];
      if (field == name) return value.is_null() ? nullptr : &value;
    }
    return nullptr;
  }

  [[noreturn]] void refuse(const char* name, const char* expected) const {
    throw FormatError(at(name) + " is not " + expected);
  }
  [[noreturn]] void miss(const char* name) const { throw FormatError(at(name) + " is missing"); }

  void read(const char* name, std::string& into) {
    const Json* const value = find(name);
    if (value == nullptr) return;
    if (!value->is_string()) refuse(name, "a string");
    into = value->get<std::string>();
  }

  void read(const char* name, bool& into) {
    const Json* const value = find(name);
    if (value == nullptr) return;
    if (!value->is_boolean()) refuse(name, "true or false");
    into = value->get<bool>();
  }

  template <typename Number>
  requires std::integral<Number>
  void read(const char* name, Number& into) {
    if (const Json* const value = find(name)) into = number<Number>(name, *value);
  }

  template <typename Number>
  void read(const char* name, std::optional<Number>& into) {
    if (const Json* const value = find(name)) into = number<Number>(name, *value);
  }

  void read(const char* name, std::vector<std::string>& into) {
    for_each(name, [&](const Json& item) {
      if (!item.is_string()) refuse(name, "a list of strings");
      into.push_back(item.get<std::string>());
    });
  }

  /// "0x7f…"
  void read_hex(const char* name, std::uint64_t& into) {
    if (const Json* const value = find(name)) into = hex_number(name, *value);
  }
  void read_hex(const char* name, std::optional<std::uint64_t>& into) {
    if (const Json* const value = find(name)) into = hex_number(name, *value);
  }

  template <typename Reader>
  void read_object(const char* name, Reader reader) {
    if (const Json* const value = find(name)) reader(Object(*value, this, name));
  }

  template <typename Reader>
  void for_each(const char* name, Reader reader) {
    const Json* const value = find(name);
    if (value == nullptr) return;
    if (!value->is_array()) refuse(name, "a list");
    for (const Json& item : *value) reader(item);
  }

  template <typename Reader>
  void for_each_object(const char* name, Reader reader) {
    std::size_t number = 0;
    for_each(name, [&](const Json& item) { reader(Object(item, this, name, number++)); });
  }

  template <typename Reader>
  void for_each_field(Reader reader) const {
    for (const auto& [name, value] : fields_) reader(name.c_str(), value);
  }

  std::uint64_t hex_number(const char* name, const Json& value) const {
    const std::string* const text = value.get_ptr<const std::string*>();
    std::uint64_t result = 0;
    if (text == nullptr || !text->starts_with("0x")) refuse(name, "a string with a hexadecimal number");
    const char* const end = text->data() + text->size();
    const auto parsed = std::from_chars(text->data() + 2, end, result, 16);
    if (parsed.ec != std::errc() || parsed.ptr != end) refuse(name, "a string with a hexadecimal number of 64 bits");
    return result;
  }

  /// What nobody asked for of the line's own fields, as an object's text, or "".
  [[nodiscard]] std::string rest() const {
    Json rest;
    for (const auto& [name, value] : fields_) {
      if (!known_.contains(name)) rest[name] = value;
    }
    return rest.empty() ? "" : rest.dump();
  }

 private:
  Object(const Json& json, const Object* parent, const char* name, std::optional<std::size_t> number = {})
      : fields_(fields_of(json, parent, name, number)), parent_(parent), name_(name), number_(number) {}

  static const Json::object_t& fields_of(const Json& json, const Object* parent, const char* name,
                                         std::optional<std::size_t> number) {
    if (!json.is_object()) throw FormatError(path_of(parent, name, number) + " is not an object");
    return json.get_ref<const Json::object_t&>();
  }

  /// "traces[0].frames[3]"
  static std::string path_of(const Object* parent, const char* name, std::optional<std::size_t> number) {
    const std::string path = parent == nullptr ? name : parent->at(name);
    return number ? path + '[' + std::to_string(*number) + ']' : path;
  }

  [[nodiscard]] std::string at(const char* name) const {
    const std::string path = path_of(parent_, name_, number_);
    return path.empty() ? name : path + '.' + name;
  }

  template <typename Number>
  Number number(const char* name, const Json& value) const {
    using Limits = std::numeric_limits<Number>;
    if (value.is_number_unsigned()) {
      const auto read = value.get<std::uint64_t>();
      if (read > static_cast<std::uint64_t>(Limits::max())) refuse(name, "a number that small");
      return static_cast<Number>(read);
    }
    if (!value.is_number_integer()) refuse(name, "a whole number");
    const auto read = value.get<std::int64_t>();
    if (!Limits::is_signed || read < static_cast<std::int64_t>(Limits::min())) refuse(name, "a number that large");
    return static_cast<Number>(read);
  }

  const Json::object_t& fields_;
  const Object* parent_;  ///< null: this is the line
  const char* name_;      ///< of the field that it is
  std::optional<std::size_t> number_;
  std::size_t next_ = 0;              ///< the field behind the one that was found last
  std::set<std::string_view> known_;  ///< fields of the line that were asked for
};

}  // namespace fencepost::findings
