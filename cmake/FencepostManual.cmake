# cmake -DTOOL=<fencepost> -DSOURCE=<fencepost.1> -DOUTPUT=<file> -P FencepostManual.cmake
# The manual page with the options of the runtime, as the program itself tells them.

execute_process(COMMAND ${TOOL} options --manual OUTPUT_VARIABLE options COMMAND_ERROR_IS_FATAL ANY)
file(READ ${SOURCE} page)
set(place [[.\" RUNTIME OPTIONS]])
string(FIND "${page}" "${place}" found)
if(found EQUAL -1)
  message(FATAL_ERROR "${SOURCE} has no place for the options")
endif()
string(REPLACE "${place}\n" "${options}" page "${page}")
file(WRITE ${OUTPUT} "${page}")
