"""User code that calls libraries whose loops are in Python: the loops are out of scope and should cost nothing."""

from __future__ import annotations

import difflib
import json
import textwrap
from fractions import Fraction

from benchmarks.workloads import Pass

WORDS = ("the order was filled at the limit price and the rest of it was cancelled by the desk " * 12).strip()


def compare() -> float:
    return difflib.SequenceMatcher(None, WORDS[:300], WORDS[40:340], autojunk=False).ratio()


def lay_out() -> list[str]:
    return [line.upper() for line in textwrap.wrap(WORDS, 40)]


def add_up() -> Fraction:
    return sum((Fraction(1, n) for n in range(1, 120)), Fraction(0))


def write_out() -> str:
    return json.dumps({f"key {n}": [n, n * 0.5, {"name": WORDS[:n]}] for n in range(60)}, indent=2)


def report() -> None:
    for _ in range(2):
        compare()
        lay_out()
        add_up()
        write_out()


def prepare() -> Pass:
    return report
