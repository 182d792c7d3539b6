#include "cli/options_command.h"

#include <ostream>
#include <string>

#include "options/options.h"

namespace fencepost::cli {

namespace {

/// A hyphen is a minus sign in options, and a leading dot or quote would be a request of roff's.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

}  // namespace

void list_options(std::ostream& out) {
  out << "FENCEPOST_OPTIONS=key=value:key=value, or fencepost run --key value, where the keys are\n";
  options::for_each_option([&](const options::Description& option) {
    out << "\n  " << option.name << "  (" << option.type;
    if (option.accepted != option.type) out << ": " << option.accepted;
    if (!option.preset.empty()) out << "; default " << option.preset;
    out << ")\n      " << option.help << "\n";
  });
}

void write_options_manual(std::ostream& out) {
  options::for_each_option([&](const options::Description& option) {
    out << ".TP\n.B " << roff(option.name) << "\n" << roff(option.help) << ".\n";
    out << (option.type == "choice" ? "One of" : option.type == "number" ? "A number," : "It is");
    out << "\n.IR " << '"' << roff(option.accepted) << '"' << (option.preset.empty() ? " .\n" : " ;\n");
    if (!option.preset.empty()) out << "the default is\n.BR " << roff(option.preset) << " .\n";
  });
}

}  // namespace fencepost::cli
