"""The real programs, and the input that each is given. `scale` multiplies the size of all of them."""

import os
import pathlib
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Callable

import generators
import redis_server


@dataclass
class Workload:
    """`prepare(folder, scale)` writes the input into the folder where `command` is run. `server`, if there, is a
    module with a Client: the command gets its port, and it talks to the server and ends it."""

    name: str
    what: str
    command: list
    prepare: Callable[[pathlib.Path, float], None]
    stdin: str = ""
    needs: list = field(default_factory=list)  # programs besides the command
    environment: dict = field(default_factory=dict)
    server: object = None

    def missing(self):
        """Which program it needs is not installed, or ''."""
        absent = [word for word in (self.command[0], *self.needs) if shutil.which(word) is None]
        return f"{absent[0]} is not installed" if absent else ""


SQL = """
CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b TEXT);
WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < {rows})
INSERT INTO t SELECT x, printf('name-%d-%s', x, hex(x * 7919)), printf('%040d', x * 31) FROM c;
CREATE INDEX ta ON t(a);
SELECT count(*), sum(length(replace(a, '-', '+'))), max(upper(b) || lower(a)) FROM t;
"""

PYTHON = """
import json
rows = [{{"id": i, "name": "name-%d" % i, "tags": [str(i), str(i * 7)]}} for i in range({rows})]
text = json.dumps(rows)
again = json.loads(text)
table = {{}}
for turn in range(3):
    for row in again:
        table[row["name"]] = row["tags"] + [turn]
print(len(text), len(table), sum(len(tags) for tags in table.values()), again == rows)
"""

PERL = """
my %table;
$table{"key-$_"} = "value-" . $_ * 7 for 1 .. KEYS;
my $length = 0;
$length += length $table{$_} for sort keys %table;
delete $table{"key-" . $_ * 2} for 1 .. KEYS / 2;
print scalar(keys %table), " $length\\n";
"""

LUA = """
local rows = {}
for i = 1, ROWS do rows[i] = {id = i, name = "name-" .. i, tags = {i, tostring(i * 7)}} end
local words = {}
for turn = 1, 3 do
  for i = 1, ROWS do words[rows[i].name .. turn] = #rows[i].tags[2] end
  for i = 1, ROWS, 2 do words[rows[i].name .. turn] = nil end
  collectgarbage()
end
local sum, count = 0, 0
for _, length in pairs(words) do sum, count = sum + length, count + 1 end
print(#rows, count, sum)
"""


def script(name, text):
    """A `prepare` that writes one script; `text(scale)` is its content."""
    return lambda folder, scale: (folder / name).write_text(text(scale))


def all_workloads():
    python = os.path.realpath(sys.executable)
    git = {"GIT_CONFIG_NOSYSTEM": "1", "HOME": "/nonexistent", "GIT_PAGER": "cat"}
    return [
        Workload("sqlite3", "4 million allocations for rows, an index and text functions",
                 ["sqlite3", "-lookaside", "0", "0", ":memory:"],
                 script("in.sql", lambda scale: SQL.format(rows=int(290000 * scale))), stdin="in.sql"),
        Workload("python3", "JSON and dicts with 400,000 objects alive, every one from malloc",
                 [python, "-S", "in.py"],
                 script("in.py", lambda scale: PYTHON.format(rows=int(21500 * scale))),
                 environment={"PYTHONMALLOC": "malloc"}),
        Workload("jq", "500,000 JSON values alive", ["jq", "-c", "map(.tags[1]) | [length, max, (map(length) | add)]",
                 "in.json"], generators.write_json),
        Workload("xmllint", "a document of 500,000 nodes", ["xmllint", "--format", "in.xml"], generators.write_xml),
        Workload("perl", "hashes of 200,000 keys", ["perl", "in.pl"],
                 script("in.pl", lambda scale: PERL.replace("KEYS", str(int(200000 * scale))))),
        Workload("git-log", "log -p over 1,000 commits", ["git", "-C", "repository", "log", "-p"],
                 generators.write_repository, environment=git),
        Workload("git-repack", "repack -adf of the same", ["git", "-C", "repository", "repack", "-adfq"],
                 generators.write_repository, environment=git),
        Workload("gcc", "-O2 on generated C", ["gcc", "-O2", "-S", "-o", "-", "in.c"], generators.write_c),
        Workload("clang++", "-O1 on generated templates", ["clang++", "-std=c++17", "-O1", "-S", "-o", "-", "in.cpp"],
                 generators.write_templates),
        Workload("xz", "-T2", ["xz", "-T2", "-2", "--block-size=1MiB", "-c", "in.txt"], generators.write_text),
        Workload("zstd", "-T2", ["zstd", "-q", "-T2", "-12", "-c", "in.txt"], generators.write_text),
        Workload("redis", "a server while 100,000 keys are loaded",
                 ["redis-server", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port"],
                 redis_server.write_commands, needs=["redis-cli"], server=redis_server),
        Workload("lua", "tables and strings", ["lua5.4", "in.lua"],
                 script("in.lua", lambda scale: LUA.replace("ROWS", str(int(60000 * scale))))),
    ]


def version(command):
    """The first line of what the program says of itself."""
    for option in ("--version", "-v"):
        said = subprocess.run([command, option], capture_output=True, text=True, check=False)
        if said.returncode == 0:
            return next(iter((said.stdout or said.stderr).strip().splitlines()), "")
    return ""
