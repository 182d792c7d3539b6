// fencepost run is not in the way of signals and jobs.
#include <catch2/catch.hpp>
#include <csignal>
#include <string>

#include "cli/terminal.h"
#include "cli/tool.h"
#include "support/report_parser.h"

namespace fencepost::cli_tests {
namespace {

using support::Outcome;

/// Starts the tool in the background of a shell, waits for the program's "ready", and sends the tool a signal.
Outcome send(const std::string& signal, const std::string& program, const std::string& options = "") {
  const std::string script = "set -m; exec 3< <(exec " FENCEPOST_TOOL " run " + options + " -- /bin/sh -c '" + program +
                             "; while :; do sleep 0.05; done'); tool=$!; read -r line <&3; kill -" + signal +
                             " $tool; cat <&3; wait $tool; echo status $?";
  Outcome outcome = shell(script);
  UNSCOPED_INFO(outcome.out << outcome.err);
  return outcome;
}

TEST_CASE("what the tool is sent is passed on", "[signals]") {
  for (const std::string signal : {"HUP", "INT", "QUIT", "TERM", "USR1", "USR2"}) {
    INFO(signal);
    CHECK(contains(send(signal, "trap \"echo got; exit 9\" " + signal + "; echo ready").out, "got\nstatus 9\n"));
  }
}

TEST_CASE("a program that dies of the signal has the status that a shell gives it", "[signals]") {
  CHECK(contains(send("TERM", "echo ready").out, "status 143\n"));
  CHECK(contains(send("INT", "echo ready").out, "status 130\n"));
}

TEST_CASE("a program that goes on after the signal is waited for", "[signals]") {
  CHECK(contains(send("TERM", "trap \"echo got; exit 3\" USR1; trap \"kill -USR1 $$\" TERM; echo ready").out,
                 "got\nstatus 3\n"));
}

TEST_CASE("findings come even if the program is ended by a signal", "[signals]") {
  const Outcome outcome = send("TERM", FENCEPOST_PROGRAMS "/double_free 2>/dev/null; echo ready");
  CHECK(contains(outcome.out, "status 86\n"));
  CHECK(support::parse_reports(outcome.err).size() == 1);
}

TEST_CASE("when the tool is killed, so is the program", "[signals]") {
  const Outcome outcome =
      shell("set -m; exec 3< <(exec " FENCEPOST_TOOL
            " run -- sh -c 'echo $$; exec sleep 1000'); tool=$!; read -r program <&3; "
            "kill -KILL $tool; cat <&3; while kill -0 $program 2>/dev/null; do sleep 0.05; done; echo gone");
  CHECK(outcome.out == "gone\n");
}

TEST_CASE("ignored signals stay ignored in the program", "[signals]") {
  const Outcome outcome = shell("trap '' HUP INT CHLD; exec " FENCEPOST_TOOL " run -- grep SigIgn /proc/self/status");
  const Outcome plain = shell("trap '' HUP INT CHLD; exec grep SigIgn /proc/self/status");
  CHECK(outcome.out == plain.out);
}

TEST_CASE("the program's signal mask and process group are those of the caller", "[signals]") {
  const std::string what = "sh -c 'grep SigBlk /proc/self/status; ps -o pgid= -p $$; ps -o pgid= -p $PPID'";
  const Outcome outcome = shell(FENCEPOST_TOOL " run -- " + what);
  const Words lines = lines_of(outcome.out);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "SigBlk:\t0000000000000000");
  CHECK(lines[1] == lines[2]);
}

TEST_CASE("Ctrl-C ends the program, and its findings come", "[signals]") {
  const support::Command command = tool_command(
      {"run", "--", "/bin/sh", "-c", FENCEPOST_PROGRAMS "/double_free; echo ready; while :; do sleep 0.05; done"});
  const Outcome outcome = on_terminal(command, {{"ready", "\x03"}});
  INFO(outcome.out);
  CHECK(outcome.ending() == "exit 86");
  CHECK(contains(outcome.out, "double-free"));
}

TEST_CASE("Ctrl-C reaches a program that handles it, once", "[signals]") {
  const support::Command command = tool_command(
      {"run", "--", "/bin/sh", "-c",
       "n=0; trap 'n=$((n + 1))' INT; echo ready; while [ $n = 0 ]; do sleep 0.05; done; sleep 0.3; echo count $n; exit 4"});
  const Outcome outcome = on_terminal(command, {{"ready", "\x03"}});
  INFO(outcome.out);
  CHECK(outcome.ending() == "exit 4");
  CHECK(contains(outcome.out, "count 1"));
}

TEST_CASE("a long run shows a line on the terminal, and wipes it", "[signals]") {
  support::Command command;
  command.arguments = {"/bin/sh", "-c",
                       FENCEPOST_TOOL " run -- sh -c 'read line; echo line=$line' > /dev/null; echo end"};
  const Outcome outcome = on_terminal(command, {{", 0 findings", "typed\n"}});
  INFO(outcome.out);
  CHECK(outcome.ending() == "exit 0");
  CHECK(contains(outcome.out, "\r\033[Kfencepost: 2 s, "));
  CHECK(contains(outcome.out, "\r\033[Kend"));
}

TEST_CASE("Ctrl-Z stops the whole job, and it goes on in the foreground", "[signals]") {
  support::Command command;
  command.arguments = {"/bin/bash", "--norc", "-i"};
  command.environment["PS1"] = "$ ";
  const std::string job = FENCEPOST_TOOL " run -- sh -c 'echo rea\"\"dy; read line; echo line=$line; exit 6'\n";
  const Outcome outcome = on_terminal(command, {{"$ ", job},
                                                {"ready\r\n", "\x1a"},
                                                {"Stopped", "fg; echo sta\"\"tus=$?\n"},
                                                {"run -- sh -c", "typed\n"},
                                                {"line=typed", ""},
                                                {"status=6", "exit 0\n"}});
  INFO(outcome.out);
  CHECK(outcome.ending() == "exit 0");
  CHECK(contains(outcome.out, "status=6"));
}

}  // namespace
}  // namespace fencepost::cli_tests
