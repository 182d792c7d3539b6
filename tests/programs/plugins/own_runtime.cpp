#include <string>

extern "C" std::string *plugin_make() { return new std::string(100, 'x'); }
extern "C" void plugin_destroy(std::string *text) { delete text; }
