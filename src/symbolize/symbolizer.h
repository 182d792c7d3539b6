// Findings with the source lines of their frames.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>

#include "findings/finding.h"
#include "symbolize/debug_file.h"
#include "symbolize/helper_process.h"
#include "symbolize/module_cache.h"

namespace fencepost::symbolize {

struct Settings {
  std::string debug_directories = kDebugDirectory;  ///< separated by colons
  /// For one answer; 0: half a minute, or ten if DEBUGINFOD_URLS has servers that may have to be asked.
  std::chrono::milliseconds patience{0};
};

/// Reads each module once. The files are read in a process of its own, which is started by the first frame: a
/// broken one costs its module's source lines and nothing else.
class Symbolizer {
 public:
  explicit Symbolizer(const Settings& settings = {});
  ~Symbolizer();
  Symbolizer(const Symbolizer&) = delete;
  Symbolizer& operator=(const Symbolizer&) = delete;

  /// Fills `source` and `note` of each frame that has no source yet. A note says why there is no source, or
  /// that the file at the module's path is not the one that the process ran; nothing is taken from such a
  /// file.
  void symbolize(findings::Finding& finding);

 private:
  void symbolize(const findings::Process& process, findings::Frame& frame);
  /// Asks each question once: many findings have the same frames.
  [[nodiscard]] const Answer& answer(const Question& question);
  [[nodiscard]] Answer ask(const Question& question);

  Answering answering_;
  std::chrono::milliseconds patience_;
  std::unique_ptr<HelperProcess> helper_;
  std::set<ModuleFile> broken_;
  std::map<std::tuple<ModuleFile, std::uint64_t, std::string>, Answer> answers_;  ///< by file, offset and symbol
};

}  // namespace fencepost::symbolize
