// A module to load, to walk through and to unload; it calls what libunwind calls.
#include <fcntl.h>
#include <unistd.h>

#define EXPORTED extern "C" [[gnu::visibility("default")]]

using Call = int (*)(void*);

EXPORTED int call_back_from_module(Call call, void* argument) { return call(argument) + 1; }

EXPORTED int open_pipe_from_module(int (&ends)[2]) { return pipe2(ends, O_CLOEXEC); }
