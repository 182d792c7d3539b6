#include "cli/doctor_command.h"

#include <iomanip>
#include <iostream>

#include "cli/exit_status.h"
#include "cli/places.h"
#include "cli/program_checks.h"
#include "cli/system_checks.h"
#include "cli/terminal_text.h"

namespace fencepost::cli {

namespace {

const char* word(Remark::Mark mark) {
  switch (mark) {
    case Remark::Mark::fine: return "ok";
    case Remark::Mark::note: return "note";
    case Remark::Mark::bad: break;
  }
  return "BAD";
}

void print(const char* title, const Remarks& remarks) {
  std::cout << title << "\n";
  for (const Remark& remark : remarks) {
    std::cout << "  " << std::left << std::setw(6) << word(remark.mark) << std::setw(14) << remark.subject
              << printable(remark.text) << "\n";
  }
}

}  // namespace

int examine(const DoctorRequest& request) {
  const SystemReport system =
      check_system(request.library.empty() ? find_library() : std::filesystem::absolute(request.library));
  print("This system", system.remarks);
  if (request.program.empty()) {
    if (system.engine.empty()) {
      std::cout << "Verdict: nothing can be guarded here.\n";
      return kBad;
    }
    std::cout << "Verdict: programs are guarded here, by " << system.engine << ".\n";
    return kGood;
  }
  const ProgramReport program = check_program(request.program);
  print("The program", program.remarks);
  const std::string name = printable(request.program);
  if (!program.guarded || system.engine.empty()) {
    std::cout << "Verdict: " << name << " will NOT be guarded; see what is marked BAD.\n";
    return kBad;
  }
  std::cout << "Verdict: " << name << " will be guarded, by " << system.engine << ".\n";
  return kGood;
}

}  // namespace fencepost::cli
