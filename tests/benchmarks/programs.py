#!/usr/bin/env python3
"""Real programs under Fencepost and its peers: CPU time, memory and outcome, as ratios to the bare program."""

import argparse
import pathlib
import re
import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass, field

import outcome
import tools
import workloads
from markdown import geometric_mean, ratio, table
from measuring import Measurer, prepare_process


@dataclass
class Cell:
    """What one program did under one tool, over all rounds."""

    cpu: list = field(default_factory=list)
    peak: list = field(default_factory=list)
    outcomes: list = field(default_factory=list)
    allocations: int = 0
    unguarded: int = 0
    most_alive: int = 0

    def worst(self):
        return next((text for text in self.outcomes if text != "ok"), "ok")

    def ok(self):
        return bool(self.outcomes) and self.worst() == "ok"

    def timed_out(self):
        return any(text.startswith("timeout") for text in self.outcomes)


class Comparison:
    def __init__(self, measurer, scratch, programs, compared, scale):
        self.measurer = measurer
        self.scratch = scratch
        self.programs = programs
        self.compared = compared
        self.scale = scale
        self.cells = {(program.name, tool.name): Cell() for program in programs for tool in compared}
        self.references = {}

    def folder(self, program):
        """Where the program runs, with its input."""
        folder = self.scratch / program.name
        if not folder.exists():
            folder.mkdir()
            program.prepare(folder, self.scale)
        return folder

    def round(self):
        for program in self.programs:
            folder = self.folder(program)
            for tool in self.compared:
                if not self.cells[program.name, tool.name].timed_out():
                    self.once(program, tool, folder)

    def once(self, program, tool, folder):
        logs = pathlib.Path(tempfile.mkdtemp(dir=self.scratch))
        reference = self.references.get(program.name)
        timeout = 20 * reference.wall + 30 if reference else 600
        run = self.start_and_wait(program, tool, folder, logs, timeout)
        self.keep(program, tool, run, logs)
        shutil.rmtree(logs)

    def start_and_wait(self, program, tool, folder, logs, timeout):
        environment = {"LC_ALL": "C", **program.environment, **tool.variables(logs)}
        command = [*tool.prefix, *program.command]
        if program.server is None:
            stdin = folder / program.stdin if program.stdin else None
            return self.measurer.run(command, environment, folder, stdin, timeout)
        client = program.server.Client(folder, timeout)
        run = self.measurer.run([*command, str(client.port)], environment, folder, None, 30, client.drive)
        run.digest = client.answers  # its standard output is a log
        return run

    def keep(self, program, tool, run, logs):
        run.errors += "".join(log.read_text(errors="replace") for log in logs.glob("fp.*"))
        reference = self.references.setdefault(program.name, run)
        cell = self.cells[program.name, tool.name]
        cell.outcomes.append(outcome.judge(run, reference))
        if run.status is not None:
            cell.cpu.append(run.cpu)
            cell.peak.append(run.peak)
        cell.allocations, cell.unguarded = tools.coverage(logs)
        cell.most_alive = tools.most_alive(logs)
        print(f"{program.name:12} {tool.name:13} {run.cpu:8.2f} s {run.peak // 1024:6} MiB  {cell.outcomes[-1]}",
              file=sys.stderr, flush=True)

    def of_none(self, program, measure, tool):
        """The tool's median as a multiple of none's; None if it did not do the work."""
        cell = self.cells[program.name, tool.name]
        base = getattr(self.cells[program.name, "none"], measure)
        if not cell.ok() or not base or statistics.median(base) == 0:
            return None
        return statistics.median(getattr(cell, measure)) / statistics.median(base)

    def ratios(self, measure, tool):
        return {program.name: self.of_none(program, measure, tool) for program in self.programs}


def ratio_table(comparison, measure, unit, scale):
    """One row per program: what none took, and the multiples of it."""
    others = [tool for tool in comparison.compared if tool.name != "none"]
    columns = {tool.name: comparison.ratios(measure, tool) for tool in others}
    rows = []
    for program in comparison.programs:
        base = statistics.median(getattr(comparison.cells[program.name, "none"], measure)) * scale
        rows.append([program.name, f"{base:.2f} {unit}", *(ratio(columns[t.name][program.name]) for t in others)])
    means = [ratio(geometric_mean(columns[tool.name].values())) for tool in others]
    rows.append(["**geometric mean**", "", *(f"**{mean}**" for mean in means)])
    rows += same_programs(columns, others)
    return table(["program", "none", *(tool.title for tool in others)], rows)


def same_programs(columns, others):
    """The first engine's mean over the programs that each tool got through: what its mean may be compared with."""
    if not others or not others[0].options:
        return []
    first = columns[others[0].name]
    means = [geometric_mean(first[name] for name, value in columns[tool.name].items() if value is not None)
             for tool in others]
    return [[f"{others[0].title}, same programs", "", *(ratio(mean) for mean in means)]]


def outcome_list(comparison):
    lines = [f"- {program.name} under {tool.title}: {comparison.cells[program.name, tool.name].worst()}\n"
             for program in comparison.programs for tool in comparison.compared
             if not comparison.cells[program.name, tool.name].ok()]
    return "".join(lines) or "Every program gave the same output and exit status under every tool.\n"


def coverage_table(comparison):
    engines = [tool for tool in comparison.compared if tool.options]
    if not engines:
        return ""
    rows = []
    for program in comparison.programs:
        cells = [comparison.cells[program.name, tool.name] for tool in engines]
        shares = (f"{100 - 100 * c.unguarded / c.allocations:.1f} %" if c.allocations else "–" for c in cells)
        rows.append([program.name, max(cell.allocations for cell in cells), *shares])
    return "\n## Allocations guarded\n\n" + table(["program", "allocations", *(t.title for t in engines)], rows)


def memory_table(comparison):
    """Peaks beside what every guard page tool must hold: the program's own, and a page for each live block."""
    engines = [tool for tool in comparison.compared if tool.options]
    if not engines:
        return ""
    rows = []
    for program in comparison.programs:
        own = statistics.median(comparison.cells[program.name, "none"].peak)
        cells = [comparison.cells[program.name, tool.name] for tool in engines]
        shares = (ratio(statistics.median(c.peak) / (own + 4 * c.most_alive)) if c.ok() else "–" for c in cells)
        rows.append([program.name, max(cell.most_alive for cell in cells), *shares])
    return ("\n## Peak memory, multiples of none's and a page for each live block\n\n" +
            table(["program", "alive at once", *(t.title for t in engines)], rows))


def report(comparison, rounds):
    """The whole Markdown document."""
    programs = "".join(f"- **{program.name}**: {program.what}; {workloads.version(program.command[0])}\n"
                       for program in comparison.programs)
    return (f"# Real programs, medians of {rounds} rounds\n\n{programs}"
            f"\n## CPU time, multiples of none\n\n{ratio_table(comparison, 'cpu', 's', 1)}"
            f"\n## Peak memory, multiples of none\n\n{ratio_table(comparison, 'peak', 'MiB', 1 / 1024)}"
            f"{memory_table(comparison)}"
            f"\n## What did not end as under none\n\n{outcome_list(comparison)}{coverage_table(comparison)}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True,
                        help="where libfencepost.so and fencepost_measure are")
    parser.add_argument("--programs", default="", help="comma-separated; all if not given")
    parser.add_argument("--tools", default="", help="comma-separated; all if not given; none is always there")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the size of every input")
    parser.add_argument("--output", type=pathlib.Path, help="Markdown file; standard output if not given")
    return parser.parse_args()


def pick_programs(names):
    everything = workloads.all_workloads()
    wanted = re.findall(r"[^,]+", names)
    unknown = set(wanted) - {program.name for program in everything}
    if unknown:
        known = ", ".join(program.name for program in everything)
        raise SystemExit(f"unknown program {', '.join(sorted(unknown))}; there are {known}")
    return [program for program in everything if not wanted or program.name in wanted]


def main():
    arguments = parse_arguments()
    prepare_process()
    build = arguments.build.resolve()
    names = f"none,{arguments.tools}" if arguments.tools else ""
    compared = list(tools.available(tools.pick(tools.all_tools(str(build / "libfencepost.so")), names), "tool"))
    programs = list(tools.available(pick_programs(arguments.programs), "program"))
    with tempfile.TemporaryDirectory(prefix="fencepost-programs-") as name:
        scratch = pathlib.Path(name)
        measurer = Measurer(str(build / "fencepost_measure"), scratch)
        comparison = Comparison(measurer, scratch, programs, compared, arguments.scale)
        for _ in range(arguments.rounds):
            comparison.round()
    text = report(comparison, arguments.rounds)
    arguments.output.write_text(text) if arguments.output else print(text)


if __name__ == "__main__":
    main()
