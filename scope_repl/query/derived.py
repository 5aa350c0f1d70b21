"""How long a variable's value was, or what an attribute of it held, row by row, without decoding the whole of it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgpack
import numpy as np
from numpy.typing import NDArray

from scope_repl.query.contained import part
from scope_repl.query.series import Rows, Series, column_of, rows_at
from scope_repl.query.vectors import LENGTH, Column
from scope_repl.recording.history import LineTable, ValueKind
from scope_repl.recording.versions import Form

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

_INT64 = range(-(2**63), 2**63)


class Derived:
    """The rows of ``len(x)`` or ``x.name``: one for each write of x, and for each change of the object it is bound to.

    Args:
        contents: the recording's contents.
        series: the writes of x.
        of: ``LENGTH``, or the name of the attribute.
    """

    def __init__(self, contents: Contents, series: Series, of: str) -> None:
        self._contents = contents
        self._series = series
        self._of = of
        self._texts: dict[str, int] = {}

    @cached_property
    def _rows(self) -> tuple[NDArray[Any], ...]:
        """Time, call, kind and bits of each row, in the order of time."""
        series = self._series
        kind, bits = self._of_writes()
        rows = [(series.writes.time, series.writes.call, kind, bits)]
        bound = np.flatnonzero(series.kind == ValueKind.REF)
        addresses = series.bits[bound]
        for address in np.unique(addresses).tolist():
            time, kinds, values = self._of_object(address)
            for row in bound[addresses == address].tolist():
                since, until = np.searchsorted(time, [series.writes.time[row] + 1, series.until[row]])
                changes = slice(since, max(since, until))
                if since:
                    kind[row], bits[row] = kinds[since - 1], values[since - 1]
                owner = np.full(changes.stop - since, series.writes.call[row], np.int32)
                rows.append((time[changes], owner, kinds[changes], values[changes]))
        joined = [np.concatenate(parts) for parts in zip(*rows, strict=True)]
        order = np.argsort(joined[0], kind="stable")
        return tuple(column[order] for column in joined)

    def _of_writes(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """What can be told of the values that are no objects."""
        series = self._series
        kind = np.where(series.kind == ValueKind.GONE, ValueKind.GONE, ValueKind.OTHER).astype(np.uint8)
        bits = np.zeros(len(kind), np.int64)
        texts = series.kind == ValueKind.TEXT
        if self._of == LENGTH and texts.any():
            kind[texts] = ValueKind.INT
            bits[texts] = np.array([len(text) for text in series.texts], np.int64)[series.bits[texts]]
        return kind, bits

    def _of_object(self, address: int) -> tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.int64]]:
        """When an object changed, and what there was from then on."""
        state = self._contents.state
        if self._of == LENGTH:
            time, size = state.sizes(address)
            return time, np.where(size >= 0, ValueKind.INT, ValueKind.OTHER).astype(np.uint8), size
        versions = state.versions(address)
        time = np.array([version.time_ns for version in versions], np.int64)
        if state.attribute_writes(address):  # single evaluations look at these too
            return time, np.full(len(time), ValueKind.OTHER, np.uint8), np.zeros(len(time), np.int64)
        found = [self._attribute(version.content) for version in versions]
        kind = np.array([kind for kind, _ in found], np.uint8)
        return time, kind, np.array([bits for _, bits in found], np.int64)

    def _attribute(self, content: bytes) -> tuple[int, int]:
        data = part(content, self._of) if content[0] == Form.OBJECT else None
        if data is None or 0xC7 <= data[0] <= 0xC9 or 0xD4 <= data[0] <= 0xD8:  # nothing, or none of the plain values
            return ValueKind.OTHER, 0
        match msgpack.unpackb(data, unicode_errors="surrogatepass"):
            case None:
                return ValueKind.NONE, 0
            case bool() as truth:
                return ValueKind.BOOL, truth
            case int() as number if number in _INT64:
                return ValueKind.INT, number
            case float() as number:
                return ValueKind.FLOAT, int(np.float64(number).view(np.int64))
            case str() as text:
                return ValueKind.TEXT, self._texts.setdefault(text, len(self._texts))
        return ValueKind.OTHER, 0

    def at(self, lines: LineTable) -> Rows:
        """For each line the row that was the newest then, or -1.

        Args:
            lines: the lines.
        """
        return rows_at(self._rows[0], self._rows[1], self._series.in_calls, lines)

    def column(self, rows: Rows) -> Column:
        """The values of some rows; of -1 nothing is bound.

        Args:
            rows: the rows.
        """
        return column_of(self._rows[2], self._rows[3], rows)._replace(texts=self._texts)
