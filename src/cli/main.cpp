// The fencepost program.
#include "cli/command_line.h"

int main(int argc, char** argv) { return fencepost::cli::run_command_line(argc, argv); }
