# Libunwind::headers: libunwind's headers. The runtime loads the library itself, at start-up, if it is there.

find_path(Libunwind_INCLUDE_DIR libunwind.h)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libunwind REQUIRED_VARS Libunwind_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "on Debian: apt-get install libunwind-dev")
if(Libunwind_FOUND AND NOT TARGET Libunwind::headers)
  add_library(Libunwind::headers INTERFACE IMPORTED)
  set_target_properties(Libunwind::headers PROPERTIES INTERFACE_INCLUDE_DIRECTORIES ${Libunwind_INCLUDE_DIR})
endif()
