"""A small program in a file, recorded line by line, that the tests ask about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inspecting.modules import load, record

from scope_repl import Recording
from scope_repl.query.moment import Moment

SHOP = """\
LIMIT = 10

class Account:
    def __init__(self, owner, balance):
        self.owner = owner
        self.balance = balance
        self.log = []

    def add(self, amount):
        self.balance += amount
        self.log.append(amount)
        return self.balance

def price(item, count):
    base = len(item)
    total = base * count
    return total

def sell(items, rate=2):
    global sold
    account = Account("me", 1)
    queue = []
    total = 0
    best = None
    for item in items:
        cost = price(item, rate)
        total += cost
        queue.append(item)
        account.add(cost)
        if total > LIMIT:
            best = item
        if len(queue) > 2:
            queue.clear()
    sold = total
    state = "done"
    return total

def numbers(n):
    for i in range(n):
        yield i * i

def squares(n):
    found = []
    for square in numbers(n):
        found.append(square)
    share = square / n
    return share

def main():
    first = sell(["pen", "paper", "ink", "glue"])
    second = squares(4)
    pair = (first, second)
    return pair
"""
TESTS = Path(__file__).parents[1]


def line_of(text: str, number: int = 1) -> int:
    """The number of the line that has a text, or of the so manieth of these."""
    return [line for line, source in enumerate(SHOP.splitlines(), 1) if source.strip() == text][number - 1]


def recorded(folder: Path, text: str = SHOP, name: str = "main", *arguments: Any, **options: Any) -> Recording:
    """Record a function of a program."""
    path = folder / "shop.py"
    function = getattr(load(path, text), name)
    return record(path, function, *arguments, **({"level": "lines", "exclude": f"{TESTS}/*"} | options))


def all_lines(rec: Recording) -> Iterator[Moment]:
    """The moments at which lines begin, step by step, on the track where most happened."""
    moment = Moment(rec.contents, rec.contents.horizon_ns, int(rec.tracks["calls"].idxmax()))
    while True:
        try:
            moment = moment.next_line()
        except ValueError:
            return
        yield moment
