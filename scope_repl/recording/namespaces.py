from __future__ import annotations

from collections.abc import Collection

import numpy as np

from scope_repl.model import Code, Log
from scope_repl.recording.tables import Columns
from scope_repl.schema import CodeFlag

_ID_MAX = (1 << 20) - 1  # SCOPE_ID_MAX of _native/event.h
_NO_NAMES = CodeFlag.C | CodeFlag.TYPE | CodeFlag.CLASS_BODY
_NO_SLOT = -1  # NO_SLOT and NOT_ASKED of _native/reading/state.h
_NOT_ASKED = -2


class Namespaces:
    """What the numbers of names and callables stand for where variables are written.

    Args:
        log: the log.
        largest: the largest number of a callable that the log's events use.

    Attributes:
        numbers: how many numbers there are.
        modules: for each number of a callable a number for the module whose names its calls write, of a name a number
            for the module of that name; -1 for none.
    """

    def __init__(self, log: Log, largest: int) -> None:
        self._codes = {number: code for number, code in log.codes.items() if 0 <= number <= _ID_MAX}
        self._names = {number: code.name for number, code in self._codes.items() if code.flags & CodeFlag.NAME}
        self._by_text = {text: number for number, text in self._names.items()}
        self._modules: dict[str, int] = {}
        self.numbers = max([largest, *self._codes]) + 1
        self.modules = np.full(self.numbers, -1, np.int32)
        for number, code in self._codes.items():
            text = code.name if code.flags & CodeFlag.NAME else "" if code.flags & _NO_NAMES else code.module
            if text:
                self.modules[number] = self._modules.setdefault(text, len(self._modules))

    def module(self, name: str) -> int | None:
        """The number for a module; None where nothing can have written its names."""
        return self._modules.get(name)

    def number(self, name: str) -> int | None:
        """The number of a name; None where it has none."""
        return self._by_text.get(name)

    def text(self, number: int) -> str:
        """The name with a number; "?" where the log does not tell."""
        return self._names.get(number, "?")

    def asked(self, code_numbers: Collection[int], name: str) -> Columns:
        """Which writes the native reader has to look for.

        Args:
            code_numbers: the callables in whose calls.
            name: the name of a local or of another variable.

        Returns:
            slot: for each number of a callable the slot that has the name; name: for each number whether it is the
            name's.
        """
        slot = np.full(self.numbers, _NOT_ASKED, np.int32)
        for number in code_numbers:
            if number in self._codes:
                slot[number] = _slot(self._codes[number], name)
        names = np.zeros(self.numbers, np.uint8)
        names[[number for number, text in self._names.items() if text == name]] = 1
        return {"slot": slot, "name": names}


def _slot(code: Code, name: str) -> int:
    slots = code.slots or code.arguments
    return slots.index(name) if name in slots else _NO_SLOT
