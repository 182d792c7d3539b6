#include "runtime/system_calls.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "os/attempt.h"
#include "os/errno_scope.h"
#include "record/trace.h"

namespace fencepost::runtime {

namespace {

struct Request {
  unsigned long number;
  record::Access access;
  Size size;  ///< in bytes
};

constexpr Size kKernelTermios = 36;
constexpr Size kInterfaceRequest = 40;  ///< struct ifreq

/// Requests from before their numbers said what they take.
constexpr Request kOldRequests[] = {
    {FIONREAD, record::Access::write, sizeof(int)},
    {FIONBIO, record::Access::read, sizeof(int)},
    {FIOASYNC, record::Access::read, sizeof(int)},
    {TIOCOUTQ, record::Access::write, sizeof(int)},
    {TIOCGPGRP, record::Access::write, sizeof(int)},
    {TIOCSPGRP, record::Access::read, sizeof(int)},
    {TIOCGSID, record::Access::write, sizeof(int)},
    {TIOCMGET, record::Access::write, sizeof(int)},
    {TIOCMSET, record::Access::read, sizeof(int)},
    {TIOCGWINSZ, record::Access::write, sizeof(winsize)},
    {TIOCSWINSZ, record::Access::read, sizeof(winsize)},
    {TCGETS, record::Access::write, kKernelTermios},
    {TCSETS, record::Access::read, kKernelTermios},
    {TCSETSW, record::Access::read, kKernelTermios},
    {TCSETSF, record::Access::read, kKernelTermios},
    {SIOCGIFCONF, record::Access::read, 16},
    {SIOCGIFFLAGS, record::Access::read, kInterfaceRequest},
    {SIOCSIFFLAGS, record::Access::read, kInterfaceRequest},
    {SIOCGIFADDR, record::Access::read, kInterfaceRequest},
    {SIOCGIFBRDADDR, record::Access::read, kInterfaceRequest},
    {SIOCGIFNETMASK, record::Access::read, kInterfaceRequest},
    {SIOCGIFMTU, record::Access::read, kInterfaceRequest},
    {SIOCGIFHWADDR, record::Access::read, kInterfaceRequest},
    {SIOCGIFINDEX, record::Access::read, kInterfaceRequest},
    {SIOCGIFNAME, record::Access::read, kInterfaceRequest},
};

metadata::HeapView view() { return metadata::HeapView(instance().heap().chunks()); }

}  // namespace

CallBuffer ioctl_buffer(unsigned long request, const void* argument) {
  for (const Request& known : kOldRequests) {
    if (known.number == request)
      return {3, CallBuffer::Shape::bytes, known.access, reinterpret_cast<Address>(argument), known.size};
  }
  // What the kernel reads and then fills is told as read: that comes first.
  const bool filled_only = (_IOC_DIR(request) & _IOC_WRITE) == 0;
  const Size size = _IOC_DIR(request) == _IOC_NONE ? 0 : _IOC_SIZE(request);
  return filled_only ? fills(3, argument, size) : reads(3, argument, size);
}

CallBuffer fills_counted(int argument, const void* address, const unsigned* length) {
  unsigned size = 0;
  static_cast<void>(os::attempt([&] { size = *length; }));
  return fills(argument, address, size);
}

void tell_failure(const SystemCallSite& site, std::initializer_list<CallBuffer> buffers) {
  const os::ErrnoScope errno_scope;
  if (!instance().minds_bad_buffers()) return;
  const fault::BadBuffer bad = fault::find_bad_buffer(view(), {buffers.begin(), buffers.size()});
  if (bad.found()) instance().tell_bad_buffer(bad, site);
}

void tell_stop(const SystemCallSite& site, const CallBuffer& buffer, Size transferred) {
  const os::ErrnoScope errno_scope;
  if (!instance().minds_bad_buffers()) return;
  const fault::BadBuffer bad = fault::find_stop(view(), buffer, transferred);
  if (bad.found()) instance().tell_bad_buffer(bad, site);
}

void Runtime::tell_bad_buffer(const fault::BadBuffer& bad, const SystemCallSite& site) {
  record::Trace trace;
  trace.size = static_cast<std::uint32_t>(capture_frames({record::Api::none, site.pc, site.sp}, trace.frames));
  record::FaultRecord error;
  error.event = record::Event::system_call;
  error.access = bad.access;
  error.system_call = site.call;
  error.argument = bad.argument;
  error.address = bad.address;
  error.buffer = bad.buffer;
  error.thread = current_thread_id();
  error.pc = site.pc;
  error.sp = site.sp;
  if (handler_.suppresses(error, trace.view())) return;
  if (options_.bad_syscall == options::BadSyscall::die) handler_.on_error(error, trace.view());
  handler_.tell_once(error, trace.view());
}

}  // namespace fencepost::runtime
