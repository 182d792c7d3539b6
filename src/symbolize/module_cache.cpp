#include "symbolize/module_cache.h"

#include <cerrno>
#include <cstring>

#include "symbolize/debug_file.h"
#include "symbolize/demangle.h"
#include "symbolize/file_identity.h"

namespace fencepost::symbolize {

namespace {

constexpr const char* kDeleted = "file was deleted since";
constexpr const char* kReplaced = "file was replaced since";

std::string why_not_opened(int error) {
  if (error == ENOENT || error == ENOTDIR) return kDeleted;
  return std::string("file can't be read: ") + (error == EINVAL ? "no regular file" : std::strerror(error));
}

}  // namespace

Answer ModuleCache::answer(const Question& question) {
  Answer answer;
  if (question.module.path.starts_with('/')) {
    Entry& known = entry_of(question);
    answer.note = known.note;
    if (known.module) answer.source = known.module->source_of(question.offset);
  }
  if (answer.source.empty()) answer.source.emplace_back();
  // The function that the others were inlined into.
  std::string& function = answer.source.back().function;
  if (function.empty()) function = demangle(question.symbol);
  if (answer.source == std::vector{findings::SourceFrame{}}) answer.source.clear();
  return answer;
}

ModuleCache::Entry& ModuleCache::entry_of(const Question& question) {
  const auto known = entries_.find(question.module);
  if (known != entries_.end()) return known->second;
  return entries_.emplace(question.module, open(question)).first->second;
}

ModuleCache::Entry ModuleCache::open(const Question& question) const {
  const ModuleFile& wanted = question.module;
  Entry entry;
  Descriptor file = open_regular(wanted.path);
  if (!file) {
    entry.note = why_not_opened(errno);
  } else if (!is_same_file(file.get(), wanted)) {
    entry.note = kReplaced;
    file.reset();
  }
  if (!file) file = open_copy(question);
  if (file) entry.module.emplace(std::move(file), wanted.path, debug_directories_);
  return entry;
}

Descriptor ModuleCache::open_copy(const Question& question) const {
  const std::string& build_id = question.module.build_id;
  if (build_id.empty()) return {};
  if (question.pid > 0) {
    Descriptor running = open_regular("/proc/" + std::to_string(question.pid) + "/exe");
    if (running && build_id_of(running.get()) == build_id) return running;
  }
  return find_by_build_id(build_id, debug_directories_);
}

}  // namespace fencepost::symbolize
