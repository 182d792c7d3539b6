#include "cli/process_tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace fencepost::cli {

namespace {

namespace fs = std::filesystem;

std::vector<RunningProcess> all_processes() {
  std::vector<RunningProcess> all;
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry->path() / "stat", std::ios::binary);
    RunningProcess process = read_stat(std::string{std::istreambuf_iterator<char>(file), {}});
    if (process.pid != 0) all.push_back(std::move(process));
  }
  return all;
}

}  // namespace

RunningProcess read_stat(std::string_view stat) {
  const std::size_t open = stat.find('(');
  const std::size_t close = stat.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  RunningProcess process;
  char state = 0;
  std::istringstream before{std::string(stat.substr(0, open))};
  std::istringstream after{std::string(stat.substr(close + 1))};
  if (!(before >> process.pid) || !(after >> state >> process.parent)) return {};
  process.name = stat.substr(open + 1, close - open - 1);
  process.zombie = state == 'Z' || state == 'X';
  return process;
}

std::vector<RunningProcess> descendants_of(pid_t ancestor) {
  std::vector<RunningProcess> rest = all_processes();
  std::vector<RunningProcess> found;
  std::set<pid_t> family{ancestor};
  for (bool grown = true; grown;) {
    const auto kin = std::partition(rest.begin(), rest.end(),
                                    [&](const RunningProcess& each) { return !family.contains(each.parent); });
    grown = kin != rest.end();
    for (auto each = kin; each != rest.end(); ++each) family.insert(each->pid);
    std::move(kin, rest.end(), std::back_inserter(found));
    rest.erase(kin, rest.end());
  }
  std::erase_if(found, [](const RunningProcess& each) { return each.zombie; });
  return found;
}

}  // namespace fencepost::cli
