#!/usr/bin/env python3
"""What the fencepost program takes: to merge the findings of many runs, and to tell one of a large program."""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from markdown import table
from measuring import prepare_process

FUNCTIONS_PER_FILE = 2000


def timed(command, **more):
    """(seconds, what ended) of one run."""
    begin = time.monotonic()
    ended = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    return time.monotonic() - begin, ended


def a_finding(tool, program, folder):
    """One finding of the program, as a line of JSON with source lines."""
    path = pathlib.Path(folder, "one.jsonl")
    subprocess.run([tool, "run", "--format", f"json={path}", "--", program], capture_output=True, check=False)
    return json.loads(path.read_text().splitlines()[0])


def variants(finding, count):
    """`count` findings, each of which comes twice, at places of their own."""
    for number in range(count):
        frame = finding["traces"][0]["frames"][0]
        frame["function"] = f"function_{number // 2}"
        frame["offset"] = hex(0x1000 + number // 2 * 16)
        for source in frame.get("source", []):
            source["function"] = f"function_{number // 2}"
            source["line"] = number // 2 + 1
        finding["process"]["pid"] = 1000 + number
        yield json.dumps(finding)


def without_source(finding):
    for trace in finding["traces"]:
        for frame in trace["frames"]:
            frame.pop("source", None)
    return finding


def merge_rows(tool, program, folder, count, runs):
    rows = []
    for name, change in (("with source lines", lambda finding: finding), ("without", without_source)):
        path = pathlib.Path(folder, "many.jsonl")
        path.write_text("\n".join(variants(change(a_finding(tool, program, folder)), count)) + "\n")
        for output in ("text", "json", "sarif"):
            command = [tool, "report", "--format", f"{output}=/dev/null", path]
            taken = statistics.median(timed(command)[0] for _ in range(runs))
            rows.append([f"{count:,} findings {name}, as {output}", f"{taken:.2f}"])
    return rows


CODE = """
#include <stdlib.h>
{declarations}
{functions}
"""
FUNCTION = """
struct record_{n} {{ struct record_{n} *next; int key_{n}; double value_{n}; char name_{n}[{size}]; }};
static int look_up_{n}(const struct record_{n} *list, int key) {{
  int found = 0;
  for (const struct record_{n} *each = list; each != NULL; each = each->next) {{
    if (each->key_{n} == key) found += each->name_{n}[{n} % {size}];
  }}
  return found;
}}
int function_{n}(int depth, char *block) {{
  struct record_{n} record = {{NULL, depth, 0.5, ""}};
  if (look_up_{n}(&record, depth + 1) != 0) return 1;
  {rest}
}}
"""


def write_large_program(folder, files, depth):
    """C files with `files` times FUNCTIONS_PER_FILE functions; `depth` of them, spread over all, call one another."""
    total = files * FUNCTIONS_PER_FILE
    chain = [i * (total // depth) for i in range(depth)]
    follower = dict(zip(chain, chain[1:]))
    for number in range(files):
        own = range(number * FUNCTIONS_PER_FILE, (number + 1) * FUNCTIONS_PER_FILE)
        declared, functions = set(), []
        for n in own:
            rest = "return 0;"
            if n == chain[-1]:
                rest = "block[16] = 1; return 0;"
            elif n in follower:
                declared.add(follower[n])
                rest = f"return function_{follower[n]}(depth + 1, block) + 1;"
            functions.append(FUNCTION.format(n=n, size=8 + n % 50, rest=rest))
        declarations = "\n".join(f"int function_{n}(int, char *);" for n in declared)
        pathlib.Path(folder, f"part_{number}.c").write_text(
            CODE.format(declarations=declarations, functions="".join(functions)))
    pathlib.Path(folder, "main.c").write_text(
        "#include <stdlib.h>\nint function_0(int, char *);\nint main(void) { return function_0(0, malloc(16)); }\n")


def build_large_program(folder, files, depth):
    write_large_program(folder, files, depth)
    parts = [f"part_{number}" for number in range(files)] + ["main"]
    for part in parts:
        subprocess.run(["gcc", "-O0", "-g", "-w", "-c", f"{part}.c"], cwd=folder, check=True)
    subprocess.run(["gcc", "-o", "large", *(f"{part}.o" for part in parts)], cwd=folder, check=True)
    return pathlib.Path(folder, "large")


def large_rows(tool, library, folder, files, depth, runs):
    program = build_large_program(folder, files, depth)
    rows = []
    for name, options in (("told in the process", "tool=none"), ("told with source lines", "tool=auto")):
        environment = dict(os.environ, LD_PRELOAD=library, FENCEPOST_TOOL=tool, FENCEPOST_OPTIONS=f"{options}:depth=64")
        runs_taken = [timed([program], env=environment) for _ in range(runs)]
        frames = sum(line.lstrip().startswith("#") for line in runs_taken[0][1].stderr.splitlines())
        lines = "function_" in runs_taken[0][1].stderr and f"part_{files - 1}.c:" in runs_taken[0][1].stderr
        size = program.stat().st_size >> 20
        taken = statistics.median(seconds for seconds, _ in runs_taken)
        rows.append([f"{frames} frames of a program of {size} MiB, {name}{'' if lines or 'none' in options else ' (!)'}",
                     f"{taken:.2f}"])
    return rows


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True,
                        help="where fencepost, libfencepost.so and the programs of the tests are")
    parser.add_argument("--findings", type=int, default=10000)
    parser.add_argument("--program", default="use_after_free_read", help="of the tests, whose finding is merged")
    parser.add_argument("--files", type=int, default=40, help=f"of {FUNCTIONS_PER_FILE} functions, of the large program")
    parser.add_argument("--depth", type=int, default=100, help="of the calls in the large program")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--output", type=pathlib.Path, help="Markdown file; standard output if not given")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    prepare_process()
    build = arguments.build.resolve()
    tool, library = str(build / "fencepost"), str(build / "libfencepost.so")
    program = build / "tests/programs/bin" / arguments.program
    folder = tempfile.mkdtemp(prefix="fencepost-tool-")
    try:
        rows = merge_rows(tool, program, folder, arguments.findings, arguments.runs)
        rows += large_rows(tool, library, folder, arguments.files, arguments.depth, arguments.runs)
    finally:
        shutil.rmtree(folder)
    text = f"# The fencepost program, medians of {arguments.runs} runs\n\n" + table(["what", "seconds"], rows)
    if arguments.output:
        arguments.output.write_text(text)
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
