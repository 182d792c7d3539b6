# Libdw::libdw: elfutils' readers of ELF files and DWARF, for the tools alone.

find_path(Libdw_INCLUDE_DIR elfutils/libdwfl.h)
find_library(Libdw_LIBRARY dw)
find_library(Libdw_ELF_LIBRARY elf)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libdw REQUIRED_VARS Libdw_LIBRARY Libdw_ELF_LIBRARY Libdw_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "on Debian: apt-get install libdw-dev")
if(Libdw_FOUND AND NOT TARGET Libdw::libdw)
  add_library(Libdw::libdw INTERFACE IMPORTED)
  set_target_properties(Libdw::libdw PROPERTIES INTERFACE_INCLUDE_DIRECTORIES ${Libdw_INCLUDE_DIR}
    INTERFACE_LINK_LIBRARIES "${Libdw_LIBRARY};${Libdw_ELF_LIBRARY}")
endif()
