# fencepost_flavours(<object library>...)
#
# Both flavours of the runtime from the same objects: libfencepost.so to preload, libfencepost.a to link.

function(fencepost_flavours)
  set(objects)
  foreach(library IN LISTS ARGN)
    list(APPEND objects $<TARGET_OBJECTS:${library}>)
  endforeach()

  set(map ${CMAKE_CURRENT_SOURCE_DIR}/interpose/exports.map)
  add_library(fencepost_preload SHARED ${objects})
  set_target_properties(fencepost_preload PROPERTIES OUTPUT_NAME fencepost LINKER_LANGUAGE C LINK_DEPENDS ${map})
  target_link_options(fencepost_preload PRIVATE -Wl,-z,defs,-z,relro,-z,now,-z,nodelete
    -Wl,--version-script=${map} -Wl,--gc-sections)
  set(combine ${CMAKE_LINKER} -r)
  if(FENCEPOST_LINK_TIME_OPTIMIZATION)
    target_link_options(fencepost_preload PRIVATE -flto=auto)
    set(combine ${CMAKE_C_COMPILER} -r -flto=auto -flinker-output=nolto-rel)
  endif()

  # One object whose private symbols are local: all of it is linked or nothing, and nothing in it can clash.
  set(whole ${CMAKE_CURRENT_BINARY_DIR}/fencepost_whole.o)
  add_custom_command(OUTPUT ${whole}
    COMMAND ${combine} -o ${whole} ${objects}
    COMMAND ${CMAKE_OBJCOPY} --localize-hidden ${whole}
    DEPENDS ${ARGN} ${objects} COMMAND_EXPAND_LISTS VERBATIM)
  add_library(fencepost_static STATIC ${whole})
  set_target_properties(fencepost_static PROPERTIES OUTPUT_NAME fencepost LINKER_LANGUAGE C)
  set_source_files_properties(${whole} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
  target_include_directories(fencepost_static INTERFACE ${PROJECT_SOURCE_DIR}/include)
  # -u: so that the archive is linked even into a program that calls nothing of it by name.
  target_link_options(fencepost_static INTERFACE -Wl,-u,malloc)
endfunction()
