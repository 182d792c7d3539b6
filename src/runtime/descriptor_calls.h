// Closing descriptors on the program's behalf, all but the one that an engine needs.
#pragma once

namespace fencepost::runtime {

/// close(2): ours is to the program as if it were not open.
[[nodiscard]] int call_close(int descriptor);
/// close_range(2) and closefrom(3): step over it.
[[nodiscard]] int call_close_range(unsigned first, unsigned last, int flags);
void call_closefrom(int lowest);
/// dup2(2) and dup3(2): a program that wants its number gets it.
[[nodiscard]] int call_dup2(int from, int to);
[[nodiscard]] int call_dup3(int from, int to, int flags);

}  // namespace fencepost::runtime
