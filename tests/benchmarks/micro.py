#!/usr/bin/env python3
"""What one allocation costs under Fencepost and Electric Fence, and how far above the kernel's own price that is."""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict

import tools
from markdown import ratio, table
from measuring import prepare_process

# Operations at most of tools that are slow, or limited by vm.max_map_count.
MOST_OBJECTS = {"mprotect": 20000, "efence": 2000}
SECONDS = 300  # at most for one row

# The floor row that a malloc row is compared with, by engine.
FLOORS = {
    "page_move": {"churn": "page_move", "grow": "page_move_grow", "x2_churn": "x2_now"},
    "guard_region": {"churn": "guard", "grow": "guard_grow", "x2_churn": "x2_now"},
    "mprotect": {"churn": "mprotect"},
    "efence": {"churn": "naive"},
}
ONE_PAGE_CHURN = ("churn_depth/", "churn_size/16", "churn_size/64", "churn_size/256", "churn_size/1024",
                  "churn_size/4096")


def floor_of(tool, row):
    """Name of the floor row, or None."""
    engine, _, mode = tool.name.partition("+")
    if row == "x2_churn" and mode == "batch":
        return "x2_batch"
    whole = [name for name in ONE_PAGE_CHURN if row == name or name.endswith("/") and row.startswith(name)]
    return FLOORS.get(engine, {}).get("churn" if whole else row)


def compared_tools(library):
    """none, every engine, every engine in batches if this build knows them, and Electric Fence."""
    everything = {tool.name: tool for tool in tools.all_tools(library)}
    engines = [everything[name] for name in ("page_move", "guard_region", "mprotect")]
    if tools.fencepost_knows(library, "fence"):
        engines += [tools.Tool(f"{e.name}+batch", f"{e.title}, batch", e.library, options=f"{e.options}:fence=batch")
                    for e in engines]
    return [everything["none"], *engines, everything["efence"]]


class Micro:
    """The benchmark program, and what its rows took in every round: samples[tool name, row] in ns."""

    def __init__(self, program, objects):
        self.program = program
        self.objects = objects
        self.samples = defaultdict(list)
        self.skipped = {}
        self.notes = {}

    def rows(self, family):
        listed = subprocess.run([self.program, f"--objects={self.objects}", "--benchmark_list_tests",
                                 f"--benchmark_filter=^{family}/"], capture_output=True, text=True, check=True)
        return [line.removeprefix(f"{family}/").partition("/iterations:")[0] for line in listed.stdout.split()]

    def run(self, tool, family, row):
        objects = min(self.objects, MOST_OBJECTS.get(tool.name.partition("+")[0], self.objects))
        with tempfile.TemporaryDirectory(prefix="fencepost-micro-") as folder:
            result = pathlib.Path(folder, "result.json")
            # The result goes to a file: a checker may print to the standard output.
            command = [self.program, f"--objects={objects}", f"--benchmark_filter=^{family}/{row}/iterations:",
                       f"--benchmark_out={result}", "--benchmark_out_format=json"]
            died = self.execute(command, dict(os.environ, **tool.variables(folder)))
            self.keep(tool, f"{family}/{row}", result, died)
            self.note_coverage(tool, row, folder)

    @staticmethod
    def execute(command, environment):
        """Runs it; returns how it died, or ''."""
        try:
            ended = subprocess.run(command, env=environment, capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return f"more than {SECONDS} s"
        said = ended.stderr.decode(errors="replace").strip().splitlines()
        return f"status {ended.returncode}: {said[-1] if said else ''}" if ended.returncode != 0 else ""

    def keep(self, tool, row, result, died):
        if died:
            self.skipped[tool.name, row] = died
            return
        measured = json.loads(result.read_text())["benchmarks"][0]
        if measured.get("error_occurred"):
            self.skipped[tool.name, row] = measured["error_message"]
        else:
            self.samples[tool.name, row].append(measured["real_time"])

    def note_coverage(self, tool, row, folder):
        allocations, unguarded = tools.coverage(pathlib.Path(folder))
        if unguarded:
            self.notes[tool.name, row] = f"{100 - 100 * unguarded / allocations:.1f} % of the allocations guarded"

    def median(self, tool, row):
        samples = self.samples.get((tool.name, row))
        return statistics.median(samples) if samples and (tool.name, row) not in self.skipped else None


def nanoseconds(value):
    return "–" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def floor_table(micro, none, rows):
    lines = []
    for row in rows:
        reason = micro.skipped.get((none.name, f"floor/{row}"), "")
        lines.append([row, nanoseconds(micro.median(none, f"floor/{row}")), reason])
    return table(["floor row", "ns", "skipped because"], lines)


def cell(micro, none, tool, row):
    """Nanoseconds, and in brackets how many times the floor."""
    value = micro.median(tool, f"malloc/{row}")
    floor_row = floor_of(tool, row)
    floor = micro.median(none, f"floor/{floor_row}") if floor_row else None
    return nanoseconds(value) + (f" ({ratio(value / floor)}×)" if value and floor else "")


def malloc_table(micro, compared, rows):
    lines = [[row, *(cell(micro, compared[0], tool, row) for tool in compared)] for row in rows]
    return table(["malloc row, ns (× floor)", *(tool.title for tool in compared)], lines)


def remarks(micro):
    both = [*((key, text) for key, text in micro.notes.items()),
            *((key, text) for key, text in micro.skipped.items() if key[1].startswith("malloc/"))]
    return "".join(f"- {row.removeprefix('malloc/')} under {tool}: {text}\n" for (tool, row), text in both)


def report(micro, compared, floors, rows, rounds):
    return (f"# One allocation, medians of {rounds} rounds of {micro.objects} operations\n\n"
            f"{floor_table(micro, compared[0], floors)}\n{malloc_table(micro, compared, rows)}\n{remarks(micro)}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True,
                        help="where libfencepost.so and fencepost_micro are")
    parser.add_argument("--objects", type=int, default=200000,
                        help="operations per row; fewer for mprotect and Electric Fence")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tools", default="", help="comma-separated; all if not given; none is always there")
    parser.add_argument("--rows", default="", help="comma-separated malloc rows; all if not given")
    parser.add_argument("--output", type=pathlib.Path, help="Markdown file; standard output if not given")
    return parser.parse_args()


def pick_rows(rows, names):
    unknown = set(filter(None, names.split(","))) - set(rows)
    if unknown:
        raise SystemExit(f"unknown row {', '.join(sorted(unknown))}; there are {', '.join(rows)}")
    return [row for row in rows if not names or row in names.split(",")]


def main():
    arguments = parse_arguments()
    prepare_process()
    build = arguments.build.resolve()
    names = f"none,{arguments.tools}" if arguments.tools else ""
    compared = list(tools.available(tools.pick(compared_tools(str(build / "libfencepost.so")), names), "tool"))
    micro = Micro(str(build / "fencepost_micro"), arguments.objects)
    floors, rows = micro.rows("floor"), pick_rows(micro.rows("malloc"), arguments.rows)
    for turn in range(arguments.rounds):
        print(f"round {turn + 1} of {arguments.rounds}", file=sys.stderr, flush=True)
        for row in floors:
            micro.run(compared[0], "floor", row)
        for row in rows:
            for tool in compared:
                micro.run(tool, "malloc", row)
    text = report(micro, compared, floors, rows, arguments.rounds)
    arguments.output.write_text(text) if arguments.output else print(text)


if __name__ == "__main__":
    main()
