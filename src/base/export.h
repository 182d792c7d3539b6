// The two visibilities: everything is hidden but what the program may call.
#pragma once

#define FENCEPOST_EXPORT [[gnu::visibility("default"), gnu::used]]

/// A definition that a program linked with the static library may still replace by its own.
#define FENCEPOST_EXPORT_WEAK [[gnu::visibility("default"), gnu::used, gnu::weak]]
