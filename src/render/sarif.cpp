#include "render/sarif.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <string>

#include "findings/fingerprint.h"
#include "render/escape.h"
#include "render/kinds.h"
#include "render/locations.h"

namespace fencepost::render {

namespace {

using findings::Finding;
using findings::Trace;
using Json = nlohmann::ordered_json;

Json text(const std::string& message) { return {{"text", message}}; }

std::string tag(unsigned cwe) { return "external/cwe/cwe-" + std::to_string(cwe); }

std::string explanation_of_kind(const std::string& name) {
  Finding finding;
  finding.kind = name;
  return explanation_of(finding);
}

Json rule(const Kind& kind) {
  const std::string name(kind.name);
  Json json{{"id", name}, {"shortDescription", text(std::string(kind.title))}};
  json["fullDescription"] = text(explanation_of_kind(name));
  json["help"] = text(std::string(kind.advice));
  json["defaultConfiguration"] = {{"level", "error"}};
  json["properties"] = {{"tags", {"memory", "security", tag(kind.cwe)}}};
  return json;
}

/// Of the kinds that are known, and of those that a later version may have written.
Json rules(const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Kind& kind : kinds()) list.push_back(rule(kind));
  std::set<std::string> unknown;
  for (const Finding& finding : findings) {
    if (find_kind(finding.kind) != nullptr || !unknown.insert(finding.kind).second) continue;
    const std::string explanation = printable(explanation_of(finding));
    Json json{{"id", printable(finding.kind)}};
    if (!explanation.empty()) json["fullDescription"] = text(explanation);
    list.push_back(std::move(json));
  }
  return list;
}

class Run {
 public:
  Run(const std::vector<Finding>& findings, const Context& context) : context_(context), rules_(rules(findings)) {}

  /// All but the results, of which there is an empty list in the end.
  [[nodiscard]] Json frame() const {
    Json run{{"tool", {{"driver", driver()}}}, {"columnKind", "unicodeCodePoints"}};
    run["automationDetails"] = {{"id", "fencepost/"}};
    if (!context_.directory.empty()) {
      run["originalUriBaseIds"] = {{"SRCROOT", {{"uri", "file://" + uri_path(context_.directory) + '/'}}}};
    }
    run["results"] = Json::array();
    return run;
  }

  [[nodiscard]] Json result(const Finding& finding) const {
    const std::string kind = printable(finding.kind);
    Json json{{"ruleId", kind}, {"ruleIndex", rule_index(kind)}};
    json["level"] = finding.severity == "warning" ? "warning" : "error";
    json["message"] = text(message(finding));
    const Location location = culprit(finding);
    Json& places = json["locations"] = Json::array();
    if (location.frame != nullptr) places.push_back(place(location));
    json["partialFingerprints"] = {{"fencepost/v1", findings::fingerprint(finding)}};
    json["occurrenceCount"] = std::max<std::uint64_t>(finding.count, 1);
    add_traces(finding, json);
    json["properties"] = properties(finding);
    return json;
  }

 private:
  [[nodiscard]] Json driver() const {
    return {{"name", "Fencepost"}, {"version", context_.version}, {"rules", rules_}};
  }

  [[nodiscard]] std::size_t rule_index(const std::string& kind) const {
    const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const Json& each) { return each["id"] == kind; });
    return static_cast<std::size_t>(found - rules_.begin());
  }

  /// Files of the source tree relative to its root, others by their whole path.
  [[nodiscard]] Json artifact(const std::string& path) const {
    const std::string shown = from_directory(path, context_.directory);
    if (shown.starts_with('/')) return {{"uri", "file://" + uri_path(shown)}};
    Json json{{"uri", uri_path(shown)}};
    if (!context_.directory.empty()) json["uriBaseId"] = "SRCROOT";
    return json;
  }

  [[nodiscard]] Json physical(const Location& location) const {
    if (location.has_source()) {
      Json region{{"startLine", location.line}};
      if (location.column != 0) region["startColumn"] = location.column;
      return {{"artifactLocation", artifact(location.file)}, {"region", region}};
    }
    Json json;
    // An object of the process that is no file, such as [vdso], has no URI.
    if (location.frame->module.starts_with('/')) json["artifactLocation"] = artifact(location.frame->module);
    json["address"] = address(*location.frame);
    return json;
  }

  [[nodiscard]] static Json address(const findings::Frame& frame) {
    // Numbers of other programs end at 2^53, and those of the standard are signed.
    constexpr std::uint64_t kLargest = std::uint64_t{1} << 53;
    Json json{{"kind", "instruction"}};
    if (frame.pc < kLargest) json["absoluteAddress"] = frame.pc;
    if (!frame.module.empty() && frame.offset < kLargest) json["relativeAddress"] = frame.offset;
    return json;
  }

  [[nodiscard]] Json place(const Location& location) const {
    Json json{{"physicalLocation", physical(location)}};
    if (!location.function.empty()) {
      const std::string name = printable(location.function);
      json["logicalLocations"] = Json::array({{{"fullyQualifiedName", name}, {"kind", "function"}}});
    }
    return json;
  }

  /// With what it says about itself.
  [[nodiscard]] Json step(const Location& location) const {
    Json json = place(location);
    const std::string shown = place_and_function(location, context_.directory);
    json["message"] = text(shown.empty() ? hex(location.frame->pc) : shown);
    return json;
  }

  [[nodiscard]] static std::vector<Location> locations(const Trace& trace) {
    std::vector<Location> all;
    for (const findings::Frame& frame : trace.frames) {
      for (Location& each : locations_of(frame)) all.push_back(std::move(each));
    }
    return all;
  }

  [[nodiscard]] Json stack(const Trace& trace, const Finding& finding) const {
    Json frames = Json::array();
    for (const Location& location : locations(trace)) {
      Json frame{{"location", step(location)}};
      if (!location.frame->module.empty()) frame["module"] = printable(location.frame->module);
      frame["threadId"] = trace.role == "error" ? finding.thread.id : trace.thread.id;
      frames.push_back(std::move(frame));
    }
    return {{"message", text(title_of(trace, finding))}, {"frames", std::move(frames)}};
  }

  /// A trace is written innermost first, but it came about the other way.
  [[nodiscard]] Json thread_flow(const Trace& trace, const Finding& finding, std::size_t& order) const {
    std::vector<Location> all = locations(trace);
    std::reverse(all.begin(), all.end());
    Json steps = Json::array();
    for (const Location& location : all) {
      const bool is_last = &location == &all.back();
      steps.push_back({{"location", step(location)},
                       {"nestingLevel", steps.size()},
                       {"executionOrder", ++order},
                       {"importance", is_last ? "essential" : "important"}});
    }
    return {
        {"id", printable(trace.role)}, {"message", text(title_of(trace, finding))}, {"locations", std::move(steps)}};
  }

  /// A block is allocated, freed, and then the error happens.
  [[nodiscard]] Json thread_flows(const Finding& finding) const {
    std::size_t order = 0;
    Json flows = Json::array();
    for (const char* role : {"allocated", "freed", "error"}) {
      const Trace* const trace = finding.trace(role);
      if (trace != nullptr && !trace->frames.empty()) flows.push_back(thread_flow(*trace, finding, order));
    }
    return flows;
  }

  [[nodiscard]] static std::string message(const Finding& finding) {
    std::string all = action_of(finding);
    if (all.empty()) all = printable(finding.headline.empty() ? finding.kind : finding.headline);
    for (const std::string& line : place_of(finding)) all += "\n" + printable(line);
    const std::string explanation = printable(explanation_of(finding));
    return explanation.empty() ? all : all + "\n" + explanation;
  }

  [[nodiscard]] static Json properties(const Finding& finding) {
    Json json{{"pid", finding.process.pid}, {"thread", name_of(finding.thread)}};
    if (!finding.process.executable.empty()) json["executable"] = printable(finding.process.executable);
    if (finding.address) json["address"] = hex(*finding.address);
    if (finding.pc) json["pc"] = hex(*finding.pc);
    for (const std::string& hint : hints_of(finding)) json["hints"].push_back(printable(hint));
    return json;
  }

  void add_traces(const Finding& finding, Json& json) const {
    Json flows = thread_flows(finding);
    if (!flows.empty()) {
      json["codeFlows"] = Json::array({{{"threadFlows", std::move(flows)}}});
    }
    Json stacks = Json::array();
    for (const Trace& trace : finding.traces) {
      if (!trace.frames.empty()) stacks.push_back(stack(trace, finding));
    }
    if (!stacks.empty()) json["stacks"] = std::move(stacks);
  }

  const Context& context_;
  Json rules_;
};

/// All else that a terminal might follow is escaped already.
std::string text_of(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

void write_sarif(std::ostream& out, const std::vector<Finding>& findings, const Context& context) {
  const Run run(findings, context);
  Json log{{"$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"},
           {"version", "2.1.0"}};
  log["runs"] = Json::array({run.frame()});
  const std::string frame = text_of(log, 2);
  // A result at a time, a line each: all together take several times the room of their text, which with indentation
  // is mostly blanks.
  const std::size_t end_of_results = frame.rfind(']', frame.rfind("\n    }"));
  out << std::string_view(frame).substr(0, end_of_results);
  for (const Finding& finding : findings) {
    out << (&finding == &findings.front() ? "\n" : ",\n") << text_of(run.result(finding), -1);
  }
  if (!findings.empty()) out << '\n';
  out << std::string_view(frame).substr(end_of_results) << '\n';
}

}  // namespace fencepost::render
