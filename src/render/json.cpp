#include "render/json.h"

#include <ostream>

#include "findings/fingerprint.h"
#include "findings/json.h"

namespace fencepost::render {

void write_json(std::ostream& out, const std::vector<findings::Finding>& findings) {
  for (findings::Finding finding : findings) {
    finding.fingerprint = findings::fingerprint(finding);
    out << findings::to_json(finding) << '\n';
  }
}

}  // namespace fencepost::render
