#include "endtoend/json_findings.h"

#include <algorithm>
#include <stdexcept>

namespace fencepost::endtoend {

namespace {

using nlohmann::json;

std::string frame_text(std::size_t number, const json& frame) {
  std::string text = "    #" + std::to_string(number) + " " + frame["pc"].get<std::string>();
  if (frame.contains("function")) text += " in " + frame["function"].get<std::string>();
  if (!frame.contains("module")) return text + " (no module)\n";
  return text + " (" + frame["module"].get<std::string>() + "+" + frame["offset"].get<std::string>() +
         (frame.contains("unloaded") ? ", unloaded)\n" : ")\n");
}

std::string fold_text(const json& folded) {
  std::string text = "    ... " + std::to_string(folded["count"].get<std::uint64_t>()) + " more frames of ";
  for (std::size_t i = 0; i < folded["functions"].size(); ++i) {
    text += (i == 0 ? "" : " -> ") + folded["functions"][i].get<std::string>();
  }
  return text + (folded["complete"] ? "\n" : ", and no end\n");
}

std::string frames_text(const json& trace) {
  std::string text;
  std::size_t skipped = 0;
  for (std::size_t i = 0; i < trace["frames"].size(); ++i) {
    if (trace.contains("folded") && i == trace["folded"]["after"]) {
      text += fold_text(trace["folded"]);
      skipped = trace["folded"]["count"];
    }
    text += frame_text(i + skipped, trace["frames"][i]);
  }
  return text.empty() ? "    (no trace)\n" : text;
}

std::string thread_text(const json& thread) {
  std::string text = "thread T" + std::to_string(thread["id"].get<unsigned>());
  if (thread.contains("name")) text += " (" + thread["name"].get<std::string>() + ")";
  return text;
}

std::string title_of(const json& finding, const json& trace) {
  const std::string role = trace["role"], thread = thread_text(trace["thread"]);
  if (role == "created") return thread_text(finding["thread"]) + " was created by " + thread + ":\n";
  return role + " by " + thread + " with " + trace["with"].get<std::string>() + ":\n";
}

}  // namespace

std::vector<json> parse_lines(const std::string& text) {
  std::vector<json> findings;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) throw std::runtime_error("a line without an end: " + text.substr(begin));
    findings.push_back(json::parse(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return findings;
}

std::string text_of(const json& finding) {
  std::string text = "==" + std::to_string(finding["process"]["pid"].get<int>()) + "==";
  text += finding["severity"] == "warning" ? "WARNING" : "ERROR";
  text += ": Fencepost: " + finding["headline"].get<std::string>() + "\n" + finding["action"].get<std::string>() + "\n";
  const json& error = finding["traces"][0];
  text += frames_text(error);
  for (const std::string line : finding["place"]) text += line + "\n";
  if (finding.contains("hint")) text += "Hint: " + finding["hint"].get<std::string>() + "\n";
  for (std::size_t i = 1; i < finding["traces"].size(); ++i) {
    text += title_of(finding, finding["traces"][i]) + frames_text(finding["traces"][i]);
  }
  text += "SUMMARY: Fencepost: " + finding["kind"].get<std::string>();
  // What is found in the end was not done by it.
  const auto action = finding["action"].get<std::string>();
  const bool in_the_end = action.starts_with("found by exit") || action.starts_with("found by thread exit");
  const json& traces = finding["traces"];
  const auto allocation = std::find_if(traces.begin(), traces.end(),
                                       [&](const json& trace) { return in_the_end && trace["role"] == "allocated"; });
  const json& culprits = (allocation == traces.end() ? error : *allocation)["frames"];
  if (!culprits.empty()) {
    const json& frame = culprits[0];
    if (frame.contains("module")) {
      text += " (" + frame["module"].get<std::string>() + "+" + frame["offset"].get<std::string>() + ")";
    }
    if (frame.contains("function")) text += " in " + frame["function"].get<std::string>();
  }
  return text + "\n";
}

}  // namespace fencepost::endtoend
