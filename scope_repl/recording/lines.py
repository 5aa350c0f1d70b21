"""CPython's location table: ``co_linetable`` of 3.11 and later, see Objects/locations.md in its sources."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

_NO_LOCATION = 15
_LONG = 14
_NO_COLUMNS = 13
_ONE_LINE_FORMS = range(10, 13)


def _varint(table: Iterator[int]) -> int:
    """Six bits a byte, the least significant first; bit 6 says that more follow."""
    value = shift = 0
    for byte in table:
        value |= (byte & 63) << shift
        if not byte & 64:
            break
        shift += 6
    return value


def _signed_varint(table: Iterator[int]) -> int:
    value = _varint(table)
    return -(value >> 1) if value & 1 else value >> 1


@lru_cache(maxsize=1024)
def _entries(linetable: bytes, first_line: int) -> tuple[list[int], list[int]]:
    """(the first code unit of each entry, its line or 0)."""
    starts, lines = [], []
    unit, line = 0, first_line
    table = iter(linetable)
    for head in table:
        form = (head >> 3) & 15
        starts.append(unit)
        unit += (head & 7) + 1
        if form in (_LONG, _NO_COLUMNS):
            line += _signed_varint(table)
        elif form in _ONE_LINE_FORMS:
            line += form - 10
        lines.append(0 if form == _NO_LOCATION else line)
        for _ in range(_columns(form)):
            _varint(table) if form == _LONG else next(table, None)
    return starts, lines


def _columns(form: int) -> int:
    """How many numbers follow the line: end line and two columns, two bytes, one byte, or none."""
    if form == _LONG:
        return 3
    if form in _ONE_LINE_FORMS:
        return 2
    return 0 if form in (_NO_LOCATION, _NO_COLUMNS) else 1


def line_at(linetable: bytes, first_line: int, unit: int) -> int | None:
    """The source line of an instruction.

    Args:
        linetable: ``co_linetable``.
        first_line: ``co_firstlineno``.
        unit: the instruction's offset in code units (2 bytes).

    Returns:
        The line, or None where the instruction has none.
    """
    starts, lines = _entries(linetable, first_line)
    at = bisect_right(starts, unit) - 1
    return lines[at] or None if at >= 0 else None


def lowest_line(linetable: bytes, first_line: int) -> int | None:
    """The lowest source line that an instruction has.

    Args:
        linetable: ``co_linetable``.
        first_line: ``co_firstlineno``.
    """
    _, lines = _entries(linetable, first_line)
    return min(filter(None, lines), default=None)
