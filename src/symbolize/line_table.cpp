#include "symbolize/line_table.h"

#include <dwarf.h>

#include <cstddef>
#include <cstring>
#include <optional>

namespace fencepost::symbolize {

namespace {

class Rows {
 public:
  explicit Rows(Dwarf_Die& unit) {
    if (dwarf_getsrclines(&unit, &lines_, &count_) != 0) count_ = 0;
  }

  [[nodiscard]] Dwarf_Line* row(std::size_t index) const { return dwarf_onesrcline(lines_, index); }

  [[nodiscard]] std::uint64_t address(std::size_t index) const {
    Dwarf_Addr address = 0;
    dwarf_lineaddr(row(index), &address);
    return address;
  }

  [[nodiscard]] bool ends_sequence(std::size_t index) const {
    bool ends = false;
    dwarf_lineendsequence(row(index), &ends);
    return ends;
  }

  /// The last row that begins at the address or before it.
  [[nodiscard]] std::optional<std::size_t> last_until(std::uint64_t wanted) const {
    std::size_t begin = 0;
    std::size_t end = count_;
    while (begin < end) {
      const std::size_t middle = begin + (end - begin) / 2;
      if (address(middle) <= wanted) {
        begin = middle + 1;
      } else {
        end = middle;
      }
    }
    return begin > 0 ? std::optional(begin - 1) : std::nullopt;
  }

 private:
  Dwarf_Lines* lines_ = nullptr;
  std::size_t count_ = 0;
};

/// The file that declares the function, as the line table of its unit calls it, or null.
const char* file_of(Dwarf_Die& unit, Dwarf_Die& function) {
  Dwarf_Attribute attribute{};
  Dwarf_Word file = 0;
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  // dwarf_decl_file asserts that there is a line table, which a half of a split unit has not.
  if (dwarf_formudata(dwarf_attr_integrate(&function, DW_AT_decl_file, &attribute), &file) != 0) return nullptr;
  if (dwarf_getsrcfiles(&unit, &files, &count) != 0 || file >= count) return nullptr;
  return dwarf_filesrc(files, file, nullptr, nullptr);
}

bool is_in(Dwarf_Line* row, const char* declared) {
  const char* const file = dwarf_linesrc(row, nullptr, nullptr);
  return file != nullptr && declared != nullptr && std::strcmp(file, declared) == 0;
}

/// Rows of several functions are in one order. Where the code of one ends and that of another begins, the
/// first may have a last row that stands for no code at all, and comes after those of the second.
std::size_t row_of(const Rows& rows, std::size_t last, const char* declared) {
  const std::uint64_t address = rows.address(last);
  std::optional<std::size_t> own;
  for (std::size_t i = last; rows.address(i) == address; --i) {
    if (rows.ends_sequence(i)) return own.value_or(last);
    if (!own && is_in(rows.row(i), declared)) own = i;
    if (i == 0) break;
  }
  return last;
}

unsigned natural(int value) { return value > 0 ? static_cast<unsigned>(value) : 0; }

}  // namespace

void set_place(Dwarf_Die unit, Dwarf_Die* function, std::uint64_t address, findings::SourceFrame& frame) {
  const Rows rows(unit);
  const auto last = rows.last_until(address);
  if (!last || rows.ends_sequence(*last)) return;
  Dwarf_Line* const row = rows.row(function == nullptr ? *last : row_of(rows, *last, file_of(unit, *function)));
  const char* const file = dwarf_linesrc(row, nullptr, nullptr);
  int line = 0;
  int column = 0;
  if (file == nullptr || dwarf_lineno(row, &line) != 0) return;
  frame.file = file;
  frame.line = natural(line);
  if (dwarf_linecol(row, &column) == 0) frame.column = natural(column);
}

}  // namespace fencepost::symbolize
