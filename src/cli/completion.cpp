#include "cli/completion.h"

#include <sstream>

namespace fencepost::cli {

namespace {

/// Single-quoted for a shell.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string joined(const std::vector<std::string>& words, const char* separator) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

std::string option_names(const CommandGrammar& command) {
  std::vector<std::string> names;
  for (const OptionGrammar& option : command.options)
    names.insert(names.end(), option.names.begin(), option.names.end());
  return joined(names, " ");
}

std::string command_names(const Grammar& grammar) {
  std::vector<std::string> names;
  for (const CommandGrammar& command : grammar) {
    if (!command.name.empty()) names.push_back(command.name);
  }
  return joined(names, " ");
}

/// What completes the value of an option: a line of a shell `case`.
void write_value(std::ostream& out, const CommandGrammar& command, const OptionGrammar& option) {
  if (!option.takes_value) return;
  std::vector<std::string> patterns;
  for (const std::string& name : option.names) patterns.push_back(quoted(command.name + " " + name));
  out << "    " << joined(patterns, "|") << ") ";
  if (option.value == "FILE") {
    out << "COMPREPLY=($(compgen -f -- \"$current\"))";
  } else if (!option.words.empty()) {
    out << "COMPREPLY=($(compgen -W " << quoted(joined(option.words, " ")) << " -- \"$current\"))";
  } else {
    out << "COMPREPLY=()";
  }
  out << " ;;\n";
}

void write_rest(std::ostream& out, const CommandGrammar& command) {
  if (command.name.empty()) return;
  out << "    " << command.name << ") ";
  if (!command.words.empty()) {
    out << "words=" << quoted(joined(command.words, " "));
  } else if (command.rest == CommandGrammar::Rest::program) {
    out << "rest='-c'";
  } else if (command.rest == CommandGrammar::Rest::files) {
    out << "rest='-f'";
  } else {
    out << ":";
  }
  out << " ;;\n";
}

void write_options(std::ostream& out, const CommandGrammar& command) {
  out << "    " << quoted(command.name) << ") options=" << quoted(option_names(command)) << " ;;\n";
}

template <typename Each>
std::string all(const Grammar& grammar, Each each) {
  std::ostringstream out;
  for (const CommandGrammar& command : grammar) each(out, command);
  return out.str();
}

std::string values_of_all(const Grammar& grammar) {
  return all(grammar, [](std::ostream& out, const CommandGrammar& command) {
    for (const OptionGrammar& option : command.options) write_value(out, command, option);
  });
}

/// Every option that takes a value, with its command: these take the next word along.
std::string takers(const Grammar& grammar) {
  return all(grammar, [](std::ostream& out, const CommandGrammar& command) {
    for (const OptionGrammar& option : command.options) {
      if (!option.takes_value) continue;
      for (const std::string& name : option.names) out << " " << quoted(command.name + " " + name) << ") return 0 ;;\n";
    }
  });
}

}  // namespace

std::string bash_completion(const Grammar& grammar) {
  std::ostringstream out;
  out << "# bash completion for fencepost; printed by: fencepost completion bash\n"
         "_fencepost_takes_value() {\n"
         "  case \"$1\" in\n"
      << takers(grammar)
      << "  esac\n"
         "  return 1\n"
         "}\n"
         "\n"
         "# The command, and where the program under test begins: what follows is its own.\n"
         "_fencepost_scan() {\n"
         "  local i\n"
         "  command= program_at=0\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    if [[ ${COMP_WORDS[i]} == -- ]]; then program_at=$((i + 1)); return; fi\n"
         "    if [[ ${COMP_WORDS[i]} == -* ]]; then\n"
         "      if _fencepost_takes_value \"$command ${COMP_WORDS[i]}\"; then\n"
         "        [[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))\n"
         "        ((i++))\n"
         "      fi\n"
         "    elif [[ -z $command ]]; then command=${COMP_WORDS[i]}\n"
         "    else program_at=$i; return; fi\n"
         "  done\n"
         "}\n"
         "\n"
         "_fencepost() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
         "  local command program_at options= words= rest=\n"
         "  COMPREPLY=()\n"
         "  _fencepost_scan\n"
         "  # bash takes \"--name=value\" for three words.\n"
         "  if [[ $current == = ]]; then current=\n"
         "  elif [[ $previous == = ]]; then previous=${COMP_WORDS[COMP_CWORD - 2]}; fi\n"
         "  case \"$command\" in\n"
      << all(grammar, write_rest)
      << "  esac\n"
         "  if ((program_at > 0)); then\n"
         "    if [[ $rest == -c ]] && ((program_at < COMP_CWORD)); then rest=-f; fi\n"
         "    [[ -n $rest ]] && COMPREPLY=($(compgen $rest -- \"$current\"))\n"
         "    [[ $rest == -c ]] && COMPREPLY+=($(compgen -f -- \"$current\"))\n"
         "    return\n"
         "  fi\n"
         "  case \"$command $previous\" in\n"
      << values_of_all(grammar)
      << "    *)\n"
         "    case \"$command\" in\n"
      << all(grammar, write_options)
      << "    esac\n"
         "    if [[ $current == -* ]]; then COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
         "    elif [[ -z $command ]]; then COMPREPLY=($(compgen -W "
      << quoted(command_names(grammar))
      << " -- \"$current\"))\n"
         "    elif [[ -n $words ]]; then COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "    elif [[ -n $rest ]]; then\n"
         "      COMPREPLY=($(compgen $rest -- \"$current\"))\n"
         "      [[ $rest == -c ]] && COMPREPLY+=($(compgen -f -- \"$current\"))\n"
         "    fi ;;\n"
         "  esac\n"
         "}\n"
         "complete -o filenames -F _fencepost fencepost\n";
  return out.str();
}

}  // namespace fencepost::cli
