# fencepost_floor(<folder> FLOOR <n> TOWER ground|runtime|tool CONTEXT <where it runs>
#                 MAY_INCLUDE <folder>... SOURCES <file>...)
#
# One folder of src/: an object library whose headers may include only the folders named. The include table of
# src/README.md is these calls; the test `include_table` holds both, and every #include, against each other.

add_library(fencepost_warnings INTERFACE)
target_compile_options(fencepost_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual -Wno-sign-conversion
  -Wno-missing-field-initializers
  $<$<BOOL:${FENCEPOST_WARNINGS_AS_ERRORS}>:-Werror>)

# What may run inside the program under test: no C++ runtime, no exceptions, no guards around statics; always
# optimised and with frame pointers, because dlopen must stay a jump and our own frames must be cheap to walk.
add_library(fencepost_runtime_flags INTERFACE)
target_compile_options(fencepost_runtime_flags INTERFACE -O2 -fno-exceptions -fno-rtti -fno-threadsafe-statics
  -fno-omit-frame-pointer -fvisibility=hidden -fvisibility-inlines-hidden -ftls-model=initial-exec
  -fno-stack-protector -U_FORTIFY_SOURCE -D_GNU_SOURCE)

# The hot path goes through many small functions of many floors, whose returns the processor predicts badly after a
# system call: the linker sees them all. Objects that are linked into something else (unit tests) hold plain code as well.
add_library(fencepost_link_time_flags INTERFACE)
if(FENCEPOST_LINK_TIME_OPTIMIZATION)
  target_compile_options(fencepost_link_time_flags INTERFACE -flto -ffat-lto-objects)
  target_link_options(fencepost_link_time_flags INTERFACE -fno-lto)
endif()

add_library(fencepost_tool_flags INTERFACE)
if(FENCEPOST_SANITIZE_TOOLS)
  target_compile_options(fencepost_tool_flags INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer)
  target_link_options(fencepost_tool_flags INTERFACE -fsanitize=address,undefined)
endif()
if(FENCEPOST_COVERAGE)
  target_compile_options(fencepost_tool_flags INTERFACE --coverage)
  target_link_options(fencepost_tool_flags INTERFACE --coverage)
endif()

add_library(fencepost_fuzz_flags INTERFACE)
if(FENCEPOST_FUZZ)
  target_compile_options(fencepost_fuzz_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined
    -fno-sanitize-recover=all)
  target_link_options(fencepost_fuzz_flags INTERFACE -fsanitize=address,undefined)
endif()

function(fencepost_floor folder)
  cmake_parse_arguments(PARSE_ARGV 1 floor "" "FLOOR;TOWER;CONTEXT" "MAY_INCLUDE;SOURCES")
  list(TRANSFORM floor_SOURCES PREPEND ${folder}/)
  add_library(fencepost_${folder} OBJECT ${floor_SOURCES})
  target_include_directories(fencepost_${folder} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  set_target_properties(fencepost_${folder} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(fencepost_${folder} PRIVATE fencepost_warnings fencepost_fuzz_flags)
  if(floor_TOWER STREQUAL "tool")
    target_link_libraries(fencepost_${folder} PUBLIC fencepost_tool_flags)
  else()
    target_link_libraries(fencepost_${folder} PRIVATE fencepost_runtime_flags fencepost_link_time_flags)
  endif()
endfunction()
