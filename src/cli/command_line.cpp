#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <iostream>
#include <optional>

#include "cli/completion.h"
#include "cli/doctor_command.h"
#include "cli/exit_status.h"
#include "cli/grammar.h"
#include "cli/log.h"
#include "cli/memcheck_command.h"
#include "cli/options_command.h"
#include "cli/outputs.h"
#include "cli/report_command.h"
#include "cli/run_command.h"
#include "cli/symbolize_command.h"

namespace fencepost::cli {

namespace {

using Rest = CommandGrammar::Rest;

constexpr const char* kProgram = "PROGRAM";  // what the rest of a command line is, in CLI11's help and in ours
constexpr const char* kFile = "FILE";
constexpr const char* kBash = "bash";
constexpr const char* kRuntimeGroup = "Options of the runtime, which FENCEPOST_OPTIONS may hold as well";
constexpr const char* kMemcheckWrapper = "fencepost-memcheck";

constexpr const char* kMemcheckHelp =
    "Takes the options of Valgrind's memcheck in front of the program; those that mean something here are\n"
    "--log-file=FILE (with %p and %q{VARIABLE}), --xml=yes with --xml-file=FILE, --num-callers=N, --suppressions=FILE (in\n"
    "Fencepost's own format) and --error-exitcode=N. The program goes on after an error where that is possible. The log\n"
    "is in the words of Valgrind's, so that what reads those reads this: for CTest, set MEMORYCHECK_COMMAND to the\n"
    "installed fencepost-memcheck and MEMORYCHECK_TYPE to Valgrind.";

constexpr const char* kRunHelp =
    "Findings of all processes that the program starts are printed when it has ended, each once, with how often and in\n"
    "which processes it was found. The exit status is the program's own (128 and the signal's number if it died of one),\n"
    "or 86 (--error-exitcode) if anything was found. Signals are passed on, so Ctrl-C ends the program and its findings\n"
    "still come. Processes that outlive the program, such as daemons, are waited for as long as --linger says; then they\n"
    "go on unwatched, and what they find is written to their own standard error.";

constexpr const char* kReportHelp =
    "FILE holds findings as lines of JSON, which json_path and --format json write; - is standard input. Findings of many\n"
    "runs and machines are printed each once, with how often and in which processes they were found. Source lines are\n"
    "added where they are missing and the program's files are at hand. With a baseline, an older run's lines of JSON, only\n"
    "what is new is printed, and counts. The exit status is 86 (--error-exitcode) if anything was printed, else 0.";

/// Everything that can be typed, and what was.
class CommandLine {
 public:
  CommandLine() {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", FENCEPOST_VERSION, "Print the version and end");
    app_.add_flag("-v,--verbose", verbose_, "Tell more of what is done; twice: still more");
    app_.add_flag("-q,--quiet", quiet_, "Tell errors only, no warnings");
    app_.add_option("--log-file", log_.file, "Append what Fencepost itself has to say to this file")->type_name(kFile);
    app_.fallthrough();
    add_run();
    add_report();
    add_memcheck();
    add_doctor();
    add_symbolize();
    add_options();
    add_completion();
  }

  [[nodiscard]] int run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? kGood : kUsageError;
    }
    if (quiet_) log_.level = Level::error;
    if (verbose_ > 0) log_.level = verbose_ > 1 ? Level::debug : Level::information;
    if (!set_log(log_)) return kUsageError;
    return chosen_();
  }

 private:
  CLI::App& add(const char* name, const char* help, std::function<int()> action) {
    CLI::App* const command = app_.add_subcommand(name, help);
    command->callback([this, action = std::move(action)] { chosen_ = action; });
    return *command;
  }

  void add_run() {
    CLI::App& run = add("run", "Run a program with every allocation guarded", [this] { return run_program(run_); });
    run.add_option("--library", run_.library, "The libfencepost.so to preload, if not the one beside this program")
        ->type_name(kFile);
    add_error_exitcode(run, run_.error_exitcode,
                       "Exit status if anything was found, 86 if not given; 0: always the program's own");
    add_formats(run, run_.formats);
    run.add_option("--sides", run_.sides, "both: run it twice, with blocks against the upper fence and then the lower")
        ->check(CLI::IsMember({"end", "begin", "both"}).description(""))
        ->type_name("end|begin|both");
    run.add_option("--linger", run_.linger,
                   "Seconds that processes which outlive the program are waited for, 2 if not given")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.0, 1e6).description(""));
    run.add_option("program", run_.program, "The program and its arguments")->required()->type_name(kProgram);
    run.positionals_at_end();
    for (RuntimeOption& option : run_.runtime_options) {
      run.add_option("--" + option.name, option.value, option.help)->type_name(option.accepted)->group(kRuntimeGroup);
    }
    run.footer(kRunHelp);
  }

  static void add_error_exitcode(CLI::App& command, int& status, const char* help) {
    command.add_option("--error-exitcode", status, help)
        ->type_name("0 to 255")
        ->check(CLI::Range(0, 255).description(""));
  }

  static void add_formats(CLI::App& command, std::vector<std::string>& formats) {
    command
        .add_option("--format", formats,
                    "How findings are printed; format=file: into that file; several times for several")
        ->type_name(format_names())
        ->take_all()
        ->allow_extra_args(false);
  }

  void add_report() {
    CLI::App& command =
        add("report", "Print the findings of many runs and machines, each once", [this] { return report(report_); });
    add_formats(command, report_.formats);
    command.add_option("--baseline", report_.baseline, "Findings that are accepted; several times for several files")
        ->type_name(kFile)
        ->take_all()
        ->allow_extra_args(false);
    add_error_exitcode(command, report_.error_exitcode, "Exit status if anything was printed, 86 if not given");
    command.add_option("file", report_.files, "Lines of JSON")->required()->type_name(kFile);
    command.footer(kReportHelp);
  }

  /// Only for the help: `memcheck` reads its arguments itself, because they are Valgrind's.
  void add_memcheck() {
    CLI::App& memcheck =
        add("memcheck", "Run a program as Valgrind's memcheck would be asked to", [] { return kUsageError; });
    memcheck.add_option("program", memcheck_, "Valgrind's options, the program and its arguments")->type_name(kProgram);
    memcheck.footer(kMemcheckHelp);
  }

  void add_doctor() {
    CLI::App& doctor = add("doctor", "Tell how programs are guarded here, or why this one would not be",
                           [this] { return examine(doctor_); });
    doctor.add_option("--library", doctor_.library, "The libfencepost.so to try")->type_name(kFile);
    doctor.add_option("program", doctor_.program, "A program to look at; it is not run")->type_name(kProgram);
    doctor.footer("The exit status is 0 if all is fine, and 1 if nothing, or not the program, will be guarded.");
  }

  void add_symbolize() {
    CLI::App& symbolize = add("symbolize", "Turn findings, lines of JSON, into reports with source lines",
                              [] { return symbolize_lines(std::cin, std::cout); });
    symbolize.footer("Reads standard input, writes standard output. What a process starts that is about to die.");
  }

  void add_options() {
    CLI::App& options = add("options", "List the options of the runtime with type, default and help", [this] {
      manual_ ? write_options_manual(std::cout) : list_options(std::cout);
      return kGood;
    });
    options.add_flag("--manual", manual_, "As a part of a manual page, in roff");
  }

  void add_completion() {
    CLI::App& completion = add("completion", "Print a script that completes command lines of this program", [this] {
      if (shell_ != kBash) {
        log_error("no completion for " + shell_ + "; there is one for bash");
        return kUsageError;
      }
      std::cout << bash_completion(grammar());
      return kGood;
    });
    completion.add_option("shell", shell_, "Which shell it is for")->required()->type_name(kBash);
    completion.footer("For this shell alone: source <(fencepost completion bash)");
  }

  [[nodiscard]] Grammar grammar() const;

  CLI::App app_{"Fencepost, a malloc debugger: every allocation in its own pages against a fence", "fencepost"};
  std::function<int()> chosen_;
  int verbose_ = 0;
  bool quiet_ = false;
  bool manual_ = false;
  std::string shell_;
  LogSettings log_;
  RunRequest run_ = new_run_request();
  ReportRequest report_;
  DoctorRequest doctor_;
  std::vector<std::string> memcheck_;
};

std::vector<std::string> words_of(const std::string& value) {
  std::vector<std::string> words;
  if (value.find('|') == std::string::npos) return words;
  return CLI::detail::split(value, '|');
}

OptionGrammar describe(const CLI::Option& option) {
  OptionGrammar grammar;
  for (const std::string& name : option.get_snames()) grammar.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) grammar.names.push_back("--" + name);
  grammar.takes_value = option.get_items_expected_max() > 0;
  grammar.value = option.get_type_name();
  grammar.words = words_of(grammar.value);
  grammar.help = option.get_description();
  return grammar;
}

CommandGrammar describe(const CLI::App& app, const std::string& name) {
  CommandGrammar command;
  command.name = name;
  command.help = app.get_description();
  for (const CLI::Option* const option : app.get_options()) {
    if (!option->get_positional()) {
      command.options.push_back(describe(*option));
    } else if (const std::string what = option->get_type_name(); what == kProgram) {
      command.rest = Rest::program;
    } else if (what == kFile) {
      command.rest = Rest::files;
    } else {
      command.words = {what};
    }
  }
  return command;
}

/// The wrapper of another name is the command.
std::vector<std::string> words_typed(int argc, char** argv) {
  std::vector<std::string> words(argv, argv + argc);
  if (!words.empty() && std::filesystem::path(words[0]).filename() == kMemcheckWrapper) {
    words.insert(words.begin() + 1, "memcheck");
  }
  return words;
}

/// What follows `memcheck`, if that is the command. Nothing if it is not, or if help is asked for.
std::optional<std::vector<std::string>> memcheck_arguments(const std::vector<std::string>& words) {
  if (words.size() < 2 || words[1] != "memcheck") return {};
  if (words.size() > 2 && (words[2] == "--help" || words[2] == "-h")) return {};
  return std::vector<std::string>(words.begin() + 2, words.end());
}

Grammar CommandLine::grammar() const {
  Grammar all{describe(app_, "")};
  for (const CLI::App* const command : app_.get_subcommands([](const CLI::App*) { return true; })) {
    all.push_back(describe(*command, command->get_name()));
  }
  return all;
}

}  // namespace

int run_command_line(int argc, char** argv) {
  start_log();
  std::vector<std::string> words = words_typed(argc, argv);
  if (const auto memcheck = memcheck_arguments(words)) return run_memcheck(read_memcheck_arguments(*memcheck));
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  return CommandLine().run(static_cast<int>(pointers.size()), pointers.data());
}

}  // namespace fencepost::cli
