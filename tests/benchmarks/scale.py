#!/usr/bin/env python3
"""What Fencepost costs when there are many allocations: per operation, per block living and dead, and at start-up."""

import argparse
import pathlib
import statistics
import sys
import tempfile

import tools
from markdown import table
from measuring import Measurer, prepare_process

KIB_PER_LIVE_BLOCK = 4.5  # a page, its page table and its record, with room to spare


def available_kib():
    for line in pathlib.Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1])
    return 0


class Prober:
    """Runs fencepost_scale and small programs under one tool after the other."""

    def __init__(self, build, scratch, seconds):
        self.program = str(build / "fencepost_scale")
        self.measurer = Measurer(str(build / "fencepost_measure"), scratch)
        self.seconds = seconds

    def ask(self, tool, *words):
        """What fencepost_scale printed, as lists of a name and numbers, and the share guarded; [] if it failed."""
        with tempfile.TemporaryDirectory(prefix="fencepost-scale-") as logs:
            run = self.measurer.run([self.program, *map(str, words)], tool.variables(logs), timeout=self.seconds)
            allocations, unguarded = tools.coverage(pathlib.Path(logs))
        print(f"{tool.name}: {' '.join(map(str, words))}: status {run.status}", file=sys.stderr, flush=True)
        share = f"{100 - 100 * unguarded / allocations:.1f} %" if allocations else "–"
        if run.status != 0:
            return [], f"status {run.status} {run.errors.strip()[-80:]}"
        lines = [line.split() for line in self.measurer.output.read_text().splitlines()]
        return [[name, *map(float, numbers)] for name, *numbers in lines], share

    def start_up(self, compared, command, runs):
        """Median wall time of the command in ms, by tool, interleaved."""
        times = {tool.name: [] for tool in compared}
        for _ in range(runs):
            for tool in compared:
                times[tool.name].append(self.measurer.run(command, tool.variables(), timeout=60).wall * 1000)
        return {name: statistics.median(taken) for name, taken in times.items()}


def without_limit(tool, library):
    """The tool, told to guard whatever it is asked to: this script sees to the memory itself."""
    if tool.options and tools.fencepost_knows(library, "memory_limit"):
        tool.options += ":memory_limit=1000000000"
    return tool


def churn_table(prober, compared, live, checkpoints):
    rows = []
    for tool in compared:
        lines, share = prober.ask(tool, "churn", live, *checkpoints)
        rows += [[tool.title, f"{int(done):,}", f"{cost:,.0f}", f"{rss / 1024:.1f}", f"{tables / 1024:.1f}",
                  int(mappings), share] for _, done, cost, rss, tables, mappings in lines]
        rows += [] if lines else [[tool.title, "–", "–", "–", "–", "–", share]]
    header = ["tool", "operations", "ns each", "RSS, MiB", "page tables, MiB", "mappings", "guarded"]
    return f"## One operation, {live:,} blocks alive\n\n" + table(header, rows)


def per_block(kib, blocks):
    return f"{kib * 1024 / blocks:,.1f}"


def live_row(prober, tool, count):
    if tool.options and available_kib() < count * KIB_PER_LIVE_BLOCK:
        return [tool.title, f"{count:,}", "–", "–", "–", "there is not enough memory here"]
    lines, share = prober.ask(tool, "live", count)
    if not lines:
        return [tool.title, f"{count:,}", "–", "–", "–", share]
    _, blocks, rss, tables, mappings = lines[0]
    return [tool.title, f"{count:,}", per_block(rss, blocks), per_block(tables, blocks), int(mappings), share]


def live_table(prober, compared, counts):
    rows = [live_row(prober, tool, count) for count in counts for tool in compared]
    header = ["tool", "blocks alive", "RSS, bytes per block", "page tables, bytes per block", "mappings", "guarded"]
    return "## Memory of a live block of 32 bytes\n\n" + table(header, rows)


def dead_row(prober, tool, count):
    lines, share = prober.ask(tool, "dead", count)
    if not lines:
        return [tool.title, f"{count:,}", "–", "–", "–", share]
    used = {name: rss + tables for name, _, rss, tables, _ in lines}
    pins = -(-count // 128)
    pinned = used["pinned"] - used["live"] * pins / count
    return [tool.title, f"{count:,}", per_block(pinned, count - pins), per_block(used["dead"], count),
            int(lines[-1][-1]), share]


def dead_table(prober, compared, count):
    rows = [dead_row(prober, tool, count) for tool in compared]
    header = ["tool", "dead blocks", "bytes each before retirement", "bytes each after", "mappings", "guarded"]
    return "## Memory of a dead block of 32 bytes\n\n" + table(header, rows)


def start_up_table(prober, compared, runs):
    """`true` allocates nothing; with --version it does, a little."""
    rows = []
    medians = [prober.start_up(compared, command, runs) for command in (["true"], ["true", "--version"])]
    for tool in compared:
        added = [f"{median[tool.name]:.2f} (+{median[tool.name] - median['none']:.2f})" for median in medians]
        rows.append([tool.title, *added])
    return f"## Start-up, median of {runs} runs, ms\n\n" + table(["tool", "true", "true --version"], rows)


def number(text):
    """1000, or 1e3."""
    return int(float(text))


def numbers(text):
    return [number(word) for word in text.split(",")]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True,
                        help="where libfencepost.so and fencepost_scale are")
    parser.add_argument("--tools", default="page_move,guard_region,mprotect",
                        help="comma-separated; none is always there")
    parser.add_argument("--checkpoints", type=numbers, default="1e4,1e5,1e6,1e7",
                        help="numbers of operations, ascending")
    parser.add_argument("--bound", type=number, default=1000, help="blocks alive meanwhile")
    parser.add_argument("--live", type=numbers, default="1e6,5e6",
                        help="numbers of blocks alive at once; a page each")
    parser.add_argument("--dead", type=number, default=1000000, help="blocks that live, then are dead")
    parser.add_argument("--starts", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=3600, help="at most for one run")
    parser.add_argument("--output", type=pathlib.Path, help="Markdown file; standard output if not given")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    prepare_process()
    build = arguments.build.resolve()
    library = str(build / "libfencepost.so")
    everything = [without_limit(tool, library) for tool in tools.all_tools(library)]
    compared = list(tools.available(tools.pick(everything, f"none,{arguments.tools}"), "tool"))
    with tempfile.TemporaryDirectory(prefix="fencepost-scale-") as scratch:
        prober = Prober(build, pathlib.Path(scratch), arguments.seconds)
        text = "\n".join(["# Many allocations\n",
                          churn_table(prober, compared, arguments.bound, arguments.checkpoints),
                          live_table(prober, compared, arguments.live),
                          dead_table(prober, compared, arguments.dead),
                          start_up_table(prober, compared, arguments.starts)])
    arguments.output.write_text(text) if arguments.output else print(text)


if __name__ == "__main__":
    main()
