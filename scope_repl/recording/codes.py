from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scope_repl.model import Code
from scope_repl.recording.lines import line_at, lowest_line
from scope_repl.schema import CallKind, CodeFlag

_MISSING = Code(name="?", qualname="?", module="", file="", first_line=0, flags=CodeFlag(0))


def _kind(code: Code) -> CallKind:
    if code.flags & CodeFlag.C:
        return CallKind.C
    return CallKind.OPAQUE if code.flags & CodeFlag.OPAQUE else CallKind.PYTHON


class Texts:
    """One text for each number of a callable, as the codes and categories of a categorical column."""

    def __init__(self, texts: Iterable[str]) -> None:
        positions: dict[str, int] = {}
        codes = [positions.setdefault(text, len(positions)) if text else -1 for text in texts]
        self.categories = pd.Index(list(positions), dtype=object)
        self.codes = np.array(codes, np.int16 if len(positions) < 2**15 else np.int32)

    def column(self, numbers: NDArray[Any]) -> pd.Categorical:
        """The texts of many callables by their numbers; a negative number has none."""
        return pd.Categorical.from_codes(self.codes[numbers], categories=self.categories, validate=False)


class Codes:
    """The callables of a log by their numbers.

    Args:
        codes: the log's table.
        largest: the largest number that the log's events use; numbers that are not in the table are shown as ``?``.
        titles: the titles of files that are cells of a notebook.
    """

    def __init__(self, codes: Mapping[int, Code], largest: int, titles: Mapping[str, str]) -> None:
        self._titles = titles
        self._codes = codes
        # The last entry belongs to the number -1: "no callable".
        table = [codes.get(number, _MISSING) for number in range(largest + 1)]
        none = Code(name="", qualname="", module="", file="", first_line=0, flags=CodeFlag(0))
        self._table = [*table, none]
        self.names = Texts(code.qualname for code in self._table)
        self.modules = Texts(code.module for code in self._table)
        self.files = Texts(code.file for code in self._table)
        self.first_lines = np.array([code.first_line for code in self._table], np.int32)
        self.kinds = np.array([_kind(code) for code in self._table], np.int8)
        suspends = CodeFlag.GENERATOR | CodeFlag.COROUTINE | CodeFlag.ASYNC_GENERATOR
        self.suspends = self.mask(lambda code: bool(code.flags & suspends))

    def __getitem__(self, number: int) -> Code:
        return self._table[number]

    def title(self, number: int) -> str:
        """A callable's file in short: ``In[3]`` for a cell of a notebook, else the last part of its path."""
        file = self._table[number].file
        return self._titles.get(file) or PurePath(file).name

    def mask(self, test: Callable[[Code], bool]) -> NDArray[np.bool_]:
        """For each number of a callable whether it answers to a test."""
        return np.array([test(code) for code in self._table], np.bool_)

    def line(self, number: int, site: int) -> int | None:
        """The source line of an instruction of a callable.

        Args:
            number: the callable.
            site: the instruction's offset in code units plus one; 0 for none.

        Returns:
            The line, or None where it is not known.
        """
        code = self._table[number]
        return line_at(code.lines, code.first_line, site - 1) if site > 0 and code.lines else None

    def entry_line(self, number: int) -> int:
        """The source line at which a callable is entered; 0 for C callables.

        It is the callable's first line. A module's says nothing, as it is always 1, also that of a statement in the
        middle of a cell: here it is the line of its first statement.
        """
        code = self._table[number]
        lowest = lowest_line(code.lines, code.first_line) if code.name == "<module>" else None
        return lowest or code.first_line

    @property
    def type_names(self) -> Mapping[int, tuple[str, str]]:
        """(module, qualified name) of the types among the callables."""
        return {number: (code.module, code.qualname) for number, code in self._codes.items()}

    def type_name(self, number: int) -> str:
        """A type's name as a traceback writes it: with its module unless that is builtins or __main__."""
        code = self._codes.get(number)
        if code is None:
            return "?"
        return code.qualname if code.module in ("", "builtins", "__main__") else f"{code.module}.{code.qualname}"
