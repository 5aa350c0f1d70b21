from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Mapping

from scope_repl.model import Code

_INSIDE = ".<locals>."


class Binds:
    """Which locals the lines of functions may bind.

    Args:
        codes: the log's table of callables.
    """

    def __init__(self, codes: Mapping[int, Code]) -> None:
        self._codes = codes
        self._bound: dict[int, Mapping[int, set[int]]] = {}
        self._shared: dict[int, frozenset[int]] = {}

    def binds(self, number: int, key: int) -> bool:
        """Whether some line of a function binds a local, as far as the log tells.

        Args:
            number: the number of the function.
            key: the local: a slot, or a negative name.
        """
        code = self._codes.get(number)
        return code is not None and any(key in keys for keys in _bound(code.binds).values())

    def may_bind(self, number: int, line: int, key: int) -> bool | None:
        """Whether a local may get another value while a line runs.

        A line binds what its own instructions do, and by its calls what functions inside of each other share.

        Args:
            number: the number of the function.
            line: the line.
            key: the local: a slot, or a negative name.

        Returns:
            None where the log does not tell.
        """
        code = self._codes.get(number)
        if code is None or not code.binds or not line:
            return None
        if number not in self._bound:
            self._bound[number] = _bound(code.binds)
            self._shared[number] = self._shared_slots(code)
        return key in self._bound[number].get(line, ()) or key in self._shared[number]

    def _shared_slots(self, code: Code) -> frozenset[int]:
        """The slots of which functions around this one, or inside of it, have the names, too: they may be the same."""
        names = {
            slot
            for other in self._codes.values()
            if other is not code and (_is_inside(other, code) or _is_inside(code, other))
            for slot in other.slots
        }
        return frozenset(slot for slot, name in enumerate(code.slots) if name in names)


def _bound(binds: bytes) -> Mapping[int, set[int]]:
    """The keys that each line binds."""
    numbers = struct.unpack(f"={len(binds) // 4}i", binds[: len(binds) // 4 * 4])
    keys: dict[int, set[int]] = defaultdict(set)
    at = 0
    while at + 1 < len(numbers):
        line, count = numbers[at : at + 2]
        keys[line].update(numbers[at + 2 : at + 2 + count])
        at += 2 + max(count, 0)
    return keys


def _is_inside(one: Code, other: Code) -> bool:
    return one.file == other.file and one.qualname.startswith(f"{other.qualname}{_INSIDE}")
