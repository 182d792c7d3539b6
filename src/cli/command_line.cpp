#include "cli/command_line.h"

#include <CLI/CLI.hpp>

#include "cli/log.h"
#include "cli/options_command.h"
#include "cli/run_command.h"

namespace fencepost::cli {

namespace {

constexpr int kUsageError = 2;

void add_run(CLI::App& app, RunRequest& request, int& status) {
  CLI::App* const run = app.add_subcommand("run", "Run a program with every allocation guarded");
  for (RuntimeOption& option : request.runtime_options) {
    run->add_option("--" + option.name, option.value, option.help)->type_name(option.accepted);
  }
  run->add_option("--library", request.library, "the libfencepost.so to preload, if not the one beside this program");
  run->add_option("program", request.program, "the program and its arguments, after --")->required();
  run->positionals_at_end();
  run->callback([&] { status = run_program(request); });
}

void add_options(CLI::App& app, int& status) {
  CLI::App* const options = app.add_subcommand("options", "List the options of the runtime");
  options->callback([&] { status = list_options(); });
}

}  // namespace

int run_command_line(int argc, char** argv) {
  start_log();
  CLI::App app{"Fencepost, a malloc debugger: every allocation in its own pages against a fence", "fencepost"};
  app.require_subcommand(1);
  app.set_version_flag("--version", FENCEPOST_VERSION);
  int status = 0;
  RunRequest request = new_run_request();
  add_run(app, request, status);
  add_options(app, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageError;
  }
  return status;
}

}  // namespace fencepost::cli
