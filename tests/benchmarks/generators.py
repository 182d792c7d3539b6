"""Writes the inputs of the workloads; the same bytes on every run."""

import json
import random
import subprocess


def write_json(folder, scale):
    rows = [{"id": i, "name": f"name-{i}", "tags": [f"tag-{i % 97}", f"tag-{i}"], "deep": {"a": i}}
            for i in range(int(70000 * scale))]
    (folder / "in.json").write_text(json.dumps(rows))


def write_xml(folder, scale):
    items = (f'<item id="{i}"><name>name-{i}</name><value>{i * 7}</value></item>\n'
             for i in range(int(80000 * scale)))
    (folder / "in.xml").write_text(f"<root>\n{''.join(items)}</root>\n")


def write_text(folder, scale):
    """Prose of invented words, 8 MB."""
    chance = random.Random(1)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 11))) for _ in range(5000)]
    with open(folder / "in.txt", "w", encoding="ascii") as out:
        for _ in range(int(100000 * scale)):
            out.write(" ".join(chance.choices(words, k=11)) + "\n")


C_FUNCTION = """
struct s{i} {{ int a[{n}]; struct s{i}* next; double d; }};
static int f{i}(const struct s{i}* p, int x) {{
  int sum = x;
  for (; p; p = p->next) {{
    for (int k = 0; k < {n}; ++k) {{
      switch ((p->a[k] + x) % 5) {{
        case 0: sum += p->a[k] * {i}; break;
        case 1: sum ^= p->a[k] << (k % 7); break;
        case 2: sum -= (int)(p->d * k); break;
        default: sum = sum * 31 + k;
      }}
    }}
  }}
  return sum;
}}
int g{i}(int x) {{
  struct s{i} second = {{{{x, {i}}}, 0, x * 0.5}}, first = {{{{{i}, x}}, &second, x * 1.5}};
  return f{i}(&first, x) + f{i}(&second, -x);
}}
"""


def write_c(folder, scale):
    functions = (C_FUNCTION.format(i=i, n=4 + i % 13) for i in range(max(1, int(160 * scale))))
    (folder / "in.c").write_text("".join(functions))


TEMPLATES = """
#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <variant>
#include <vector>
template <int N> struct Item { int value = N; std::string name = std::to_string(N); };
template <int N> auto table() {
  std::map<std::string, std::vector<Item<N>>> items;
  for (int i = 0; i < N; ++i) items[std::to_string(i % 7)].push_back({});
  return std::make_tuple(items, std::variant<int, Item<N>, std::string>(Item<N>{}));
}
template <int... N> std::size_t sum(std::integer_sequence<int, N...>) {
  return (std::get<0>(table<N>()).size() + ...);
}
"""


def write_templates(folder, scale):
    count = max(1, int(8 * scale))
    total = f"std::size_t total() {{ return sum(std::make_integer_sequence<int, {count}>()); }}\n"
    (folder / "in.cpp").write_text(TEMPLATES + total)


def commit(number, chance, lines):
    """One commit for git fast-import: changes a few lines of a few of 20 files."""
    yield f"commit refs/heads/main\ncommitter A <a@example.org> {1700000000 + number * 60} +0000\n"
    message = f"change {number}\n"
    yield f"data {len(message)}\n{message}"
    for name in chance.sample(sorted(lines), 3):
        content = lines[name]
        for _ in range(5):
            content[chance.randrange(len(content))] = f"line {chance.getrandbits(64):x} of change {number}"
        text = "\n".join(content) + "\n"
        yield f"M 100644 inline {name}\ndata {len(text)}\n{text}\n"


def write_repository(folder, scale):
    chance = random.Random(2)
    lines = {f"file{i}.txt": [f"line {chance.getrandbits(64):x}" for _ in range(400)] for i in range(20)}
    stream = "".join(text for number in range(max(2, int(1000 * scale))) for text in commit(number, chance, lines))
    repository = folder / "repository"
    subprocess.run(["git", "init", "-q", "--initial-branch=main", repository], check=True)
    subprocess.run(["git", "-C", repository, "fast-import", "--quiet"], input=stream.encode(), check=True)
