"""Markdown tables, and the means that go into them."""

import math


def table(header, rows):
    lines = [header, ["---"] + ["--:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def ratio(value):
    """1.04, 12.3 or 123; – for None."""
    if value is None:
        return "–"
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:.{digits}f}"


def geometric_mean(values):
    """None if there are none."""
    positive = [value for value in values if value is not None and value > 0]
    return math.exp(sum(map(math.log, positive)) / len(positive)) if positive else None
