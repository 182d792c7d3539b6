"""Runs one program and says what it took: CPU time and memory of the whole process tree, and how it ended."""

import hashlib
import os
import pathlib
import resource
import signal
import subprocess
import sys
from dataclasses import dataclass


@dataclass
class Run:
    """What one run took. `status` is the exit status, or minus the signal; None after a timeout."""

    status: int | None
    cpu: float = 0.0  # seconds, user and system
    wall: float = 0.0  # seconds
    peak: int = 0  # KiB, of the largest process
    digest: str = ""  # of standard output
    errors: str = ""  # standard error


class Measurer:
    """Starts programs through fencepost_measure, in a directory of its own files."""

    def __init__(self, program: str, folder: pathlib.Path):
        self.program = program
        self.report = folder / "report"
        self.output = folder / "stdout"
        self.errors = folder / "stderr"

    def start(self, command, environment, folder, stdin):
        self.report.unlink(missing_ok=True)
        variables = [f"{name}={value}" for name, value in environment.items()]
        with (open(stdin or os.devnull, "rb") as given, open(self.output, "wb") as output,
              open(self.errors, "wb") as errors):
            return subprocess.Popen([self.program, self.report, *variables, *command], cwd=folder, stdin=given,
                                    stdout=output, stderr=errors, start_new_session=True)

    def run(self, command, environment, folder=None, stdin=None, timeout=None, drive=None):
        """Runs the command with the dict `environment` added to ours and the file `stdin`, and ends it, with all its
        children, after `timeout` seconds. `drive(process)` is what to do meanwhile; it may raise TimeoutExpired."""
        process = self.start(command, environment, folder, stdin)
        try:
            if drive is not None:
                drive(process)
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            return Run(None, errors=self.read_errors())
        finally:
            end_group(process)
        if process.returncode != 0:
            raise RuntimeError(f"{self.program} failed: {self.read_errors()}")
        return self.read_report()

    def read_report(self):
        status, user, system, peak, wall = (int(word) for word in self.report.read_text().split())
        return Run(os.waitstatus_to_exitcode(status), (user + system) / 1e6, wall / 1e6, peak,
                   self.digest_output(), self.read_errors())

    def digest_output(self):
        with open(self.output, "rb") as output:
            return hashlib.file_digest(output, "sha256").hexdigest()

    def read_errors(self):
        with open(self.errors, "rb") as errors:
            return errors.read(1 << 20).decode(errors="replace")


def end_group(process):
    """Ends the session that `process` leads, unless it ended by itself."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def prepare_process():
    """No cores of what dies here, and our children end with us when we are told to stop."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
