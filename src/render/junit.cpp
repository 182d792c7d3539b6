#include "render/junit.h"

#include <algorithm>
#include <map>
#include <ostream>
#include <pugixml.hpp>
#include <sstream>
#include <string>

#include "findings/fingerprint.h"
#include "render/escape.h"
#include "render/locations.h"
#include "render/text.h"

namespace fencepost::render {

namespace {

using findings::Finding;

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(value.c_str());
}

/// The report, which is printable but for its line ends.
std::string text_of(const Finding& finding, const Context& context) {
  std::ostringstream text;
  write_text(text, {finding}, {false, false, context.directory});
  return text.str();
}

/// Names tell tests apart over runs, so they hold no lines, which edits change.
std::string name_of_test(const Finding& finding) {
  const std::string function = printable(culprit(finding).function);
  const std::string name = printable(finding.kind) + (function.empty() ? "" : " in " + function);
  return name + " [" + findings::fingerprint(finding).substr(0, 8) + ']';
}

/// Readers take two tests of one name for one.
std::string unlike(const std::string& name, std::map<std::string, int>& times) {
  const int before = times[name]++;
  return before == 0 ? name : name + " #" + std::to_string(before + 1);
}

void add_test(pugi::xml_node suite, const Finding& finding, const std::string& name, const Context& context) {
  pugi::xml_node test = suite.append_child("testcase");
  set(test, "classname", "fencepost." + printable(finding.kind));
  set(test, "name", name);
  const Location location = culprit(finding);
  if (location.has_source()) set(test, "file", printable(from_directory(location.file, context.directory)));
  set(test, "time", "0");
  pugi::xml_node failure = test.append_child("failure");
  set(failure, "type", printable(finding.kind));
  set(failure, "message", printable(finding.headline.empty() ? finding.kind : finding.headline));
  failure.append_child(pugi::node_pcdata).set_value(text_of(finding, context).c_str());
}

void add_passed_test(pugi::xml_node suite) {
  pugi::xml_node test = suite.append_child("testcase");
  set(test, "classname", "fencepost");
  set(test, "name", "no findings");
  set(test, "time", "0");
}

void set_counts(pugi::xml_node node, std::size_t findings) {
  set(node, "name", "fencepost");
  set(node, "tests", std::to_string(std::max<std::size_t>(findings, 1)));
  set(node, "failures", std::to_string(findings));
  set(node, "errors", "0");
  set(node, "time", "0");
}

}  // namespace

void write_junit(std::ostream& out, const std::vector<Finding>& findings, const Context& context) {
  pugi::xml_document document;
  pugi::xml_node suites = document.append_child("testsuites");
  set_counts(suites, findings.size());
  pugi::xml_node suite = suites.append_child("testsuite");
  set_counts(suite, findings.size());
  set(suite, "skipped", "0");
  std::map<std::string, int> times;
  for (const Finding& finding : findings) add_test(suite, finding, unlike(name_of_test(finding), times), context);
  if (findings.empty()) add_passed_test(suite);
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
}

}  // namespace fencepost::render
