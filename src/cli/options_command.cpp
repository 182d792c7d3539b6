#include "cli/options_command.h"

#include <iostream>

#include "options/options.h"

namespace fencepost::cli {

int list_options() {
  TextBuffer<16384> list;
  options::describe(list);
  std::cout << list.view();
  return 0;
}

}  // namespace fencepost::cli
