#include "findings/plain_json.h"

#include <charconv>
#include <cstdint>
#include <string>

namespace fencepost::findings {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostlyEnough = 10;  // fields of one object

/// Each function reads what begins at `at_` and moves behind it; false: it is not plain.
class Reader {
 public:
  Reader(std::string_view text, int deepest) : at_(text.data()), end_(text.data() + text.size()), left_(deepest) {}

  bool document(Json& into) {
    if (!value(into)) return false;
    skip_space();
    return at_ == end_;
  }

 private:
  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r' || *at_ == '\n')) ++at_;
  }

  bool take(char wanted) {
    skip_space();
    if (at_ == end_ || *at_ != wanted) return false;
    ++at_;
    return true;
  }

  bool word(std::string_view wanted, Json& into, Json value) {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(wanted)) return false;
    at_ += wanted.size();
    into = std::move(value);
    return true;
  }

  bool value(Json& into) {
    skip_space();
    if (at_ == end_) return false;
    switch (*at_) {
      case '{': return nested(&Reader::object, into);
      case '[': return nested(&Reader::array, into);
      case '"': return string(into);
      case 't': return word("true", into, true);
      case 'f': return word("false", into, false);
      case 'n': return word("null", into, nullptr);
      default: return number(into);
    }
  }

  bool nested(bool (Reader::*read)(Json&), Json& into) {
    if (left_ == 0) return false;
    --left_;
    const bool good = (this->*read)(into);
    ++left_;
    return good;
  }

  bool text(std::string_view& into) {
    if (!take('"')) return false;
    const char* const begin = at_;
    while (at_ != end_ && *at_ != '"') {
      if (*at_ == '\\' || static_cast<unsigned char>(*at_) < 0x20) return false;
      ++at_;
    }
    if (at_ == end_) return false;
    into = {begin, static_cast<std::size_t>(at_++ - begin)};
    return true;
  }

  bool string(Json& into) {
    std::string_view read;
    if (!text(read)) return false;
    into = std::string(read);
    return true;
  }

  bool number(Json& into) {
    const char* const begin = at_;
    while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
    const auto digits = at_ - begin;
    constexpr int kSurelyFit = 18;
    if (digits == 0 || digits > kSurelyFit || (*begin == '0' && digits > 1)) return false;
    if (at_ != end_ && (*at_ == '.' || *at_ == 'e' || *at_ == 'E')) return false;
    std::uint64_t read = 0;
    std::from_chars(begin, at_, read);
    into = read;
    return true;
  }

  bool array(Json& into) {
    ++at_;
    into = Json::array();
    if (take(']')) return true;
    auto& items = into.get_ref<Json::array_t&>();
    do {
      if (!value(items.emplace_back())) return false;
    } while (take(','));
    return take(']');
  }

  bool object(Json& into) {
    ++at_;
    into = Json::object();
    if (take('}')) return true;
    auto& fields = into.get_ref<Json::object_t&>();
    fields.reserve(kMostlyEnough);
    std::string_view name;
    do {
      if (!text(name) || !take(':') || !value(fields[std::string(name)])) return false;
    } while (take(','));
    return take('}');
  }

  const char* at_;
  const char* const end_;
  int left_;  ///< how much deeper it may go
};

}  // namespace

std::optional<Json> read_plain_json(std::string_view text, int deepest) {
  std::optional<Json> read(std::in_place);
  if (!Reader(text, deepest).document(*read)) read.reset();
  return read;
}

}  // namespace fencepost::findings
