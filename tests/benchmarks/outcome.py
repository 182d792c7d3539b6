"""How a run ended, compared with the run of the same program under nothing."""

import re
import signal

# What a checker says when it gives up, anywhere in the output.
TELLING = re.compile(r"ElectricFence (?:Exiting|Aborting).*|DUMA Abort.*|.*ERROR: Fencepost: .*|.*\[AFL\].*|"
                     r"Fatal .*|.*GWP-ASan.*|.*Scudo ERROR.*|.*valgrind: .*")
EMPTY = re.compile(r"(?:==\d+==)?\s*")


def judge(run, reference):
    """'ok', 'differs: …', or how it died."""
    if run.status is None:
        return "timeout" + because(run.errors)
    if run.status != reference.status:
        return describe_status(run.status) + because(run.errors)
    if run.digest != reference.digest:
        return "differs: other output" + because(run.errors)
    return "ok"


def describe_status(status):
    return f"died: {signal.Signals(-status).name}" if status < 0 else f"died: exit status {status}"


def because(errors):
    """The line of standard error that tells most, cut to fit into a table."""
    lines = [line.strip() for line in errors.splitlines() if not EMPTY.fullmatch(line)]
    telling = next((line for line in lines if TELLING.fullmatch(line)), lines[-1] if lines else "")
    return f" ({telling[:120]})".replace("|", "/") if telling else ""
