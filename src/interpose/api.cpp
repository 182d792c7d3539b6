// What include/fencepost/fencepost.h declares.
#include "base/export.h"
#include "interpose/call_site.h"

using fencepost::interpose::here;
using fencepost::record::Api;
namespace runtime = fencepost::runtime;

extern "C" {

FENCEPOST_EXPORT int fencepost_check_all() { return runtime::instance().check_all(here(Api::check_all)); }

FENCEPOST_EXPORT int fencepost_is_active() { return runtime::instance().is_active() ? 1 : 0; }

}  // extern "C"
