#include "symbolize/symbolizer.h"

#include <cstdlib>
#include <string_view>
#include <utility>

namespace fencepost::symbolize {

namespace {

using std::chrono::milliseconds;

constexpr const char* kBroken = "debug information can't be read";
/// What the kernel adds to the name of a file that is gone.
constexpr std::string_view kDeletedSuffix = " (deleted)";

milliseconds patience_of(const Settings& settings) {
  if (settings.patience.count() > 0) return settings.patience;
  const char* const servers = std::getenv("DEBUGINFOD_URLS");
  return servers == nullptr || *servers == '\0' ? std::chrono::seconds(30) : std::chrono::minutes(10);
}

/// Forked helpers begin with a copy of this: an empty cache, which each fills for itself.
Answering answering_with(const Settings& settings) {
  return [cache = std::make_shared<ModuleCache>(settings.debug_directories)](const Question& question) {
    return cache->answer(question);
  };
}

std::string without_suffix(std::string path) {
  if (path.ends_with(kDeletedSuffix)) path.resize(path.size() - kDeletedSuffix.size());
  return path;
}

Question question_about(const findings::Process& process, const findings::Frame& frame) {
  Question question;
  question.module.path = without_suffix(frame.module);
  question.module.build_id = frame.build_id;
  question.module.inode = frame.module_inode.value_or(0);
  question.module.size = frame.module_size.value_or(0);
  question.module.mtime = frame.module_mtime.value_or(0);
  question.offset = frame.offset;
  if (question.module.path == without_suffix(process.executable)) question.pid = process.pid;
  question.symbol = frame.function;
  return question;
}

/// Without a helper nothing is demangled either: names can be as broken as files.
Answer what_the_process_said(const Question& question) {
  Answer answer{{}, kBroken};
  if (!question.symbol.empty()) answer.source.push_back({question.symbol, "", 0, 0, false});
  return answer;
}

}  // namespace

Symbolizer::Symbolizer(const Settings& settings)
    : answering_(answering_with(settings)), patience_(patience_of(settings)) {}
Symbolizer::~Symbolizer() = default;

void Symbolizer::symbolize(findings::Finding& finding) {
  for (findings::Trace& trace : finding.traces) {
    for (findings::Frame& frame : trace.frames) {
      if (frame.source.empty()) symbolize(finding.process, frame);
    }
  }
}

void Symbolizer::symbolize(const findings::Process& process, findings::Frame& frame) {
  if (frame.module.empty() && frame.function.empty()) return;
  const Answer& found = answer(question_about(process, frame));
  frame.source = found.source;
  frame.note = found.note;
}

const Answer& Symbolizer::answer(const Question& question) {
  const auto [at, is_new] = answers_.try_emplace({question.module, question.offset, question.symbol});
  if (is_new) at->second = ask(question);
  return at->second;
}

Answer Symbolizer::ask(const Question& question) {
  if (broken_.contains(question.module)) return what_the_process_said(question);
  if (helper_ == nullptr) helper_ = std::make_unique<HelperProcess>(answering_);
  if (auto found = helper_->ask(question, patience_)) return *std::move(found);
  helper_.reset();
  broken_.insert(question.module);
  return what_the_process_said(question);
}

}  // namespace fencepost::symbolize
