# The C++ compiler on templates, and the program it makes.
program g++ g++

make_input() {
  cat >words.cpp <<'CPP'
#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <vector>
int main() {
  std::map<std::string, std::vector<int>> places;
  const std::string text = "the quick brown fox jumps over the lazy dog and the cat";
  for (std::size_t begin = 0, end; begin < text.size(); begin = end + 1) {
    end = std::min(text.find(' ', begin), text.size());
    places[text.substr(begin, end - begin)].push_back(static_cast<int>(begin));
  }
  for (const auto& [word, at] : places) std::cout << word << ' ' << at.size() << ' ' << at.front() << '\n';
  try {
    places.at("absent");
  } catch (const std::out_of_range&) {
    std::cout << "absent\n";
  }
}
CPP
  printf '#include <vector>\nint main() { std::vector<int> v; v.push_back("text"); }\n' >broken.cpp
}

steps() {
  run compile g++ -std=c++20 -O1 -c words.cpp -o words.o
  check object sha256sum words.o
  run link g++ words.o -o words
  check program ./words
  fails errors
  run errors g++ -c broken.cpp
}
