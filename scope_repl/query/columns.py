"""Captured values in pandas: in columns, and in frames that can be shown whatever of the values was captured.

Pandas writes a list by going through its items; for one of which items are missing that is an error. Here such values
are written as they write themselves. In all else the frames are pandas' own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from scope_repl.query.certainty import SCALARS
from scope_repl.query.shown import short

_NUMBERS = {bool: np.bool_, int: np.int64, float: np.float64}


class _Words:
    """A value that pandas writes as it writes itself."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def __str__(self) -> str:
        return short(self._value)

    __repr__ = __str__


def _words(column: pd.Series[Any]) -> pd.Series[Any]:
    plain = pd.Series(column)
    if plain.dtype != object:
        return plain
    cells = np.empty(len(plain), object)
    for row, value in enumerate(plain.tolist()):
        cells[row] = value if type(value) in SCALARS else _Words(value)
    return pd.Series(cells, plain.index, dtype=object, name=plain.name)


class ValueSeries(pd.Series):
    """A column of captured values: see the module."""

    @property
    def _constructor(self) -> Any:
        return ValueSeries

    @property
    def _constructor_expanddim(self) -> Any:
        return ValueFrame

    def __repr__(self) -> str:
        return repr(_words(self))

    def to_string(self, *arguments: Any, **options: Any) -> Any:  # noqa: D102 - pandas' own
        return _words(self).to_string(*arguments, **options)


class ValueFrame(pd.DataFrame):
    """A table with captured values: see the module."""

    @property
    def _constructor(self) -> Any:
        return ValueFrame

    @property
    def _constructor_sliced(self) -> Any:
        return ValueSeries

    def _in_words(self) -> pd.DataFrame:
        columns = [_words(self.iloc[:, place]) for place in range(self.shape[1])]
        shown = pd.DataFrame(dict(enumerate(columns)), index=self.index)
        shown.columns = self.columns
        return shown

    def __repr__(self) -> str:
        return repr(self._in_words())

    def _repr_html_(self) -> str | None:
        html: str | None = self._in_words()._repr_html_()  # type: ignore[operator]
        return html

    def to_string(self, *arguments: Any, **options: Any) -> Any:  # noqa: D102 - pandas' own
        return self._in_words().to_string(*arguments, **options)

    def to_html(self, *arguments: Any, **options: Any) -> Any:  # noqa: D102 - pandas' own
        return self._in_words().to_html(*arguments, **options)


def value_column(values: Sequence[Any]) -> pd.Series[Any]:
    """Captured values as a column: of dtype bool, int64 or float64 if all of them are such, else of dtype object.

    Args:
        values: the values.
    """
    kinds = {type(value) for value in values}
    if len(kinds) == 1:
        (kind,) = kinds
        if kind in _NUMBERS and (kind is not int or all(-(2**63) <= value < 2**63 for value in values)):
            return pd.Series(np.array(values, _NUMBERS[kind]))
    cells = np.empty(len(values), object)
    for row, value in enumerate(values):  # all at once, numpy would look into lists
        cells[row] = value
    return pd.Series(cells, dtype=object)  # else pandas makes texts and None of another type
