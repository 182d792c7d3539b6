"""The memory checkers that are compared: how each is switched on for an unmodified program."""

import glob
import os
import pathlib
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field


@dataclass
class Tool:
    """`library` is preloaded, `prefix` goes before the command; a tool that is not installed says so in `missing`."""

    name: str
    title: str
    library: str = ""
    environment: dict = field(default_factory=dict)
    prefix: list = field(default_factory=list)
    missing: str = ""
    options: str = ""  # of Fencepost; empty for other tools

    def variables(self, folder=None):
        """What is added to the program's environment. Fencepost writes its log files to `folder`."""
        variables = dict(self.environment)
        if self.library:
            variables["LD_PRELOAD"] = self.library
        if self.options:
            log = f":verbosity=1:log_path={folder}/fp.%p" if folder else ""
            variables["FENCEPOST_OPTIONS"] = self.options + log
        return variables


def first(pattern):
    """The first file that matches, or ''."""
    return next(iter(sorted(glob.glob(pattern))), "")


def preloaded(name, title, pattern, package, **environment):
    library = first(pattern)
    return Tool(name, title, library, environment, missing="" if library else f"package {package} is not installed")


def fencepost(library, engine):
    missing = "" if os.path.exists(library) else f"{library} is not built"
    return Tool(engine, f"Fencepost {engine}", library, missing=missing, options=f"engine={engine}")


def electric_fence():
    # EF_FILL stays unset: with it every new block would be written.
    return preloaded("efence", "Electric Fence", "/usr/lib/libefence.so.0", "electric-fence",
                     EF_ALLOW_MALLOC_0="1", EF_PROTECT_FREE="0", EF_DISABLE_BANNER="1")


def scudo():
    """Scudo, whose GWP-ASan is told to guard every allocation as long as its slots last."""
    slots = 30000  # two mappings each; more meet vm.max_map_count (65,530) and die
    options = f"GWP_ASAN_SampleRate=1:GWP_ASAN_MaxSimultaneousAllocations={slots}"
    library = "/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.scudo_standalone-x86_64.so"
    return preloaded("gwp_asan", "Scudo, GWP-ASan", library, "libclang-rt-14-dev", SCUDO_OPTIONS=options)


def valgrind():
    program = shutil.which("valgrind")
    command = ["valgrind", "-q", "--leak-check=no", "--trace-children=yes"]
    missing = "" if program else "package valgrind is not installed"
    return Tool("valgrind", "Valgrind", prefix=command, missing=missing)


def all_tools(library):
    """Every tool in the order of the tables; `library` is libfencepost.so."""
    # DUMA and libdislocator are told to align as malloc does: as they come, python3 doesn't even start.
    return [
        Tool("none", "none"),
        *(fencepost(library, engine) for engine in ("page_move", "guard_region", "mprotect")),
        electric_fence(),
        preloaded("duma", "DUMA", "/usr/lib/libduma.so.0", "duma", DUMA_DISABLE_BANNER="1", DUMA_ALIGNMENT="16"),
        preloaded("dislocator", "libdislocator", "/usr/lib*/afl/libdislocator.so", "afl++", AFL_ALIGNED_ALLOC="1"),
        scudo(),
        valgrind(),
    ]


def pick(tools, names):
    """Those of `tools` that are named in the comma-separated `names`, or all."""
    if not names:
        return tools
    wanted = names.split(",")
    unknown = set(wanted) - {tool.name for tool in tools}
    if unknown:
        known = ", ".join(tool.name for tool in tools)
        raise SystemExit(f"unknown tool {', '.join(sorted(unknown))}; there are {known}")
    return [tool for tool in tools if tool.name in wanted]


def available(things, kind):
    """Those that are installed; tells about the others. Things are tools or workloads."""
    for thing in things:
        why = thing.missing() if callable(thing.missing) else thing.missing
        if why:
            print(f"leaving out {kind} {thing.name}: {why}", file=sys.stderr)
        else:
            yield thing


def fencepost_knows(library, option):
    """Whether this build has the option, by its own list. It is printed with the first allocation."""
    environment = dict(os.environ, LD_PRELOAD=library, FENCEPOST_OPTIONS="help=1")
    listed = subprocess.run(["true", "--version"], env=environment, capture_output=True, text=True, check=False)
    return re.search(rf"^\s*{option}=", listed.stderr, re.MULTILINE) is not None


def most_alive(folder: pathlib.Path):
    """Blocks that were guarded at once, of the process in `folder`'s log files that had most."""
    texts = (log.read_text(errors="replace") for log in folder.glob("fp.*"))
    return max((int(n) for text in texts for n in re.findall(r"at most (\d+) guarded at once", text)), default=0)


def coverage(folder: pathlib.Path):
    """(allocations, unguarded ones) by the log files that Fencepost left in `folder`."""
    allocations = unguarded = 0
    for log in folder.glob("fp.*"):
        text = log.read_text(errors="replace")
        allocations += sum(int(n) for n in re.findall(r"coverage: .*?; (\d+) allocation", text))
        unguarded += sum(int(n) for n in re.findall(r"; (\d+) unguarded because", text))
    return allocations, unguarded
