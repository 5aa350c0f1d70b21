from collections import namedtuple
from typing import NamedTuple

Pair = namedtuple("Pair", "left right")

class Row(NamedTuple):
    number: int
    cells: list
    note: str = ""
    def filled(self):
        return len(self.cells)

def run():
    pair = Pair(1, [])
    pair.right.append(2)
    pair = pair._replace(left=pair.right)
    pair.left.append(3)
    row = Row(1, ["a"])
    row.cells.append("b")
    rows = [row, row._replace(number=2)]
    rows[1].cells[0] = "shared"
    left, right = pair
    number, *rest = row
    rest[0].append("c")
    return pair, rows, left is right, number, row.filled()

log.append(run())
