#include "os/thread_name.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/writer.h"
#include "os/file.h"

namespace fencepost::os {

void own_thread_name(char (&name)[kThreadNameSize]) {
  name[0] = '\0';
  syscall(SYS_prctl, PR_GET_NAME, name, 0, 0, 0);
}

bool thread_name(int thread_id, char (&name)[kThreadNameSize]) {
  TextBuffer<64> path;
  path.text("/proc/self/task/").decimal(static_cast<unsigned>(thread_id)).text("/comm").text({"\0", 1});
  File file(path.view().data());
  Size n = file.read(name, kThreadNameSize - 1);
  if (n == 0) return false;
  if (name[n - 1] == '\n') --n;
  name[n] = '\0';
  return true;
}

}  // namespace fencepost::os
