/* The version of Fencepost that these headers belong to. */
#ifndef FENCEPOST_VERSION_H
#define FENCEPOST_VERSION_H

#define FENCEPOST_VERSION_MAJOR 0
#define FENCEPOST_VERSION_MINOR 1
#define FENCEPOST_VERSION_PATCH 0

#endif
