"""How a variable or an attribute went, from the first value that is known to the last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scope_repl.errors import OptionError, UnknownValue
from scope_repl.query.columns import ValueFrame, value_column
from scope_repl.query.contained import part
from scope_repl.query.lives import last_life, made_ns
from scope_repl.query.names import holders
from scope_repl.query.paths import Path, read_path
from scope_repl.query.places import place_at
from scope_repl.query.reach import Reach, reference, references
from scope_repl.query.series import Series
from scope_repl.query.steps import check_lines
from scope_repl.recording.captured import address_of
from scope_repl.recording.cut import GONE
from scope_repl.recording.history import History, ValueKind
from scope_repl.recording.resolve import Resolver
from scope_repl.schema import HISTORY_COLUMNS

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents
    from scope_repl.recording.written import Version

BOUND, CHANGED, DELETED, BEFORE = range(4)
_WHAT = pd.Index(["bound", "changed", "deleted", "before"], dtype=object)


class Row(NamedTuple):
    """One row of a history."""

    time_ns: int
    track: int
    call: int
    line: int
    what: int
    value: Any


def history_of_name(contents: Contents, text: str) -> pd.DataFrame:
    """The history of a variable.

    Args:
        contents: the recording's contents.
        text: ``"total"`` or ``"f:total"``; or a path, which is about the object that it led to last.

    Returns:
        A table with the columns of ``schema.HISTORY_COLUMNS``.

    Raises:
        OptionError: it is no name.
        UnknownValue: there is no such variable, or its values were not captured.
    """
    path = read_path(text)
    if path.steps:
        return _history_of_part(contents, path)
    name = path.name
    held = holders(contents, name, path.function)
    state = contents.state
    tables = [_of_writes(contents, state.history(held.codes, name), True)] if held.codes else []
    tables += [_of_writes(contents, state.name_history(module, name), False) for module in held.modules]
    tables = [table for table in tables if len(table)] or tables[:1]
    if len(tables) == 1:
        return tables[0]
    return pd.concat(tables, ignore_index=True).sort_values("time_ns", kind="stable", ignore_index=True)


def _history_of_part(contents: Contents, path: Path) -> pd.DataFrame:
    address, steps = place_at(contents, path, None, contents.end_ns).part
    if address is None or len(steps) > 1:
        raise OptionError("what", str(path), "what holds it cannot be changed: ask for the history of that")
    return _history_of_versions(contents, last_life(contents, contents.state.versions(address)), steps[0].key)


def history_of_object(contents: Contents, thing: Any, name: Any = None) -> pd.DataFrame:
    """The history of what an object held.

    Args:
        contents: the recording's contents.
        thing: a live object, which is looked for by its ``id()``; a captured one or an address, of which it is that of
            all objects that were there.
        name: an attribute, an index or a key; None for the object as a whole.

    Returns:
        A table with the columns of ``schema.HISTORY_COLUMNS``.

    Raises:
        UnknownValue: the object, or what is under that name, was not captured.
    """
    address = _address(thing)
    kind = None if isinstance(thing, int) or address_of(thing) is not None else type(thing)
    versions = [version for version in contents.state.versions(address) if _is_of(contents, version, kind)]
    if not versions:
        check_lines(contents, f"the object at {address:#x}")
        other = contents.state.versions(address)
        known = (
            f"at its address was a {contents.codes.type_name(other[0].type)}" if other else "nothing was captured of it"
        )
        raise UnknownValue(f"the history of the object at {address:#x}", known)
    return _history_of_versions(contents, versions if kind is None else last_life(contents, versions), name)


def _history_of_versions(contents: Contents, versions: list[Version], name: Any) -> pd.DataFrame:
    rows = list(_of_object(contents, versions, name))
    if all(row.what == DELETED for row in rows):
        raise UnknownValue(
            f"{name!r} of the {contents.codes.type_name(versions[-1].type)} at {versions[0].address:#x}",
            "it was never seen in it: properties, methods and what the class holds are not captured",
        )
    return _table(contents, rows)


def _address(thing: Any) -> int:
    if isinstance(thing, bool | float | str | bytes) or thing is None:
        raise OptionError(
            "what",
            thing,
            "give a name, such as 'total', a captured object, an address or a live object that was recorded",
        )
    if isinstance(thing, int):
        return thing
    address = address_of(thing)
    return id(thing) if address is None else address


def _is_of(contents: Contents, version: Version, kind: type | None) -> bool:
    """Whether a version can be one of a live object: another one may have been at its address before."""
    if kind is None:
        return True
    code = contents.log.codes.get(version.type)
    return code is None or (code.module, code.qualname) == (kind.__module__, kind.__qualname__)


def _of_writes(contents: Contents, writes: History, in_calls: bool) -> pd.DataFrame:
    series = Series(contents, writes, in_calls)
    what = np.where(series.kind == ValueKind.GONE, DELETED, BOUND)
    what[_is_before(contents, writes)] = BEFORE
    values = series.plain_values()
    if not series.referring:
        return _frame(contents, writes.time, values, what, writes.line, writes.call, _tracks(contents, writes))
    rows: list[Row] = []
    leads = series.leading
    for number in range(len(writes)):
        write = writes.write(number)
        where = Row(write.time_ns, write.track, write.call, write.line, int(what[number]), values[number])
        rows += _followed(contents, write.data, where, series.until[number]) if leads[number] else [where]
    rows.sort(key=lambda row: row.time_ns)
    return _table(contents, rows)


def _tracks(contents: Contents, writes: History) -> NDArray[np.int32]:
    beside = np.flatnonzero(writes.call < 0)
    tracks = contents.tables.calls["track"]
    found = tracks[writes.call] if len(tracks) else np.zeros(len(writes), np.int32)
    found[beside] = [writes.write(row).track for row in beside.tolist()]
    return found


def _is_before(contents: Contents, writes: History) -> Any:
    """Which of some writes only tell what was so already when what is known begins."""
    early = (writes.time <= contents.horizon_ns) & (writes.line == 0)
    if not early.any() or (writes.call < 0).all():
        return early
    begun = contents.tables.calls["seen"][writes.call] == 0
    return early & ((writes.call < 0) | begun | (contents.tables.calls["start"][writes.call] < contents.horizon_ns))


def _followed(contents: Contents, data: bytes, where: Row, until_ns: int) -> Iterator[Row]:
    """A write of a value, and the changes of what is in it until another value is there."""
    yield where._replace(value=_value(contents, where.time_ns, data))
    if not references(data):
        return
    for time_ns, versions in groupby(Reach(contents, data, where.time_ns).changes(until_ns), lambda one: one.time_ns):
        version = next(versions)  # others of the same time are of the same look
        value = _value(contents, time_ns, data)
        yield Row(time_ns, version.track, version.call, version.line, CHANGED, value)


def _value(contents: Contents, time_ns: int, data: bytes) -> Any:
    value = Resolver(contents, time_ns).value(data)
    return None if value is GONE else value


def _of_object(contents: Contents, versions: list[Version], name: Any) -> Iterator[Row]:
    """The rows of an object: those at which what it holds under a name differs from before."""
    if name is None:
        first = _row(contents, versions[0], BOUND, None)
        yield from _followed(contents, reference(versions[0].address), first, contents.end_ns + 1)
        return
    seen = [(version, part(version.content, name)) for version in versions]
    since_ns = made_ns(contents, versions[0])
    for write in contents.state.attribute_writes(versions[0].address):
        if write.name == name and write.time_ns >= since_ns:
            seen.append((write, write.new))  # type: ignore[arg-type]
    seen.sort(key=lambda one: one[0].time_ns)
    until = [one[0].time_ns for one in seen[1:]] + [contents.end_ns + 1]
    last: bytes | None = None
    for (place, data), until_ns in zip(seen, until, strict=True):
        gone = data is None or Resolver(contents, place.time_ns).value(data) is GONE
        data = None if gone else data
        if data is None and last is not None:
            yield _row(contents, place, DELETED, None)
        elif data is not None and data != last:
            yield _row(contents, place, BOUND, _value(contents, place.time_ns, data))
        if data is not None and references(data):
            rows = _followed(contents, data, _row(contents, place, BOUND, None), until_ns)
            next(rows)
            yield from rows
        last = data


def _row(contents: Contents, place: Any, what: int, value: Any) -> Row:
    early = place.time_ns <= contents.horizon_ns and place.line == 0
    return Row(place.time_ns, place.track, place.call, place.line, BEFORE if early and what == BOUND else what, value)


def _table(contents: Contents, rows: Iterable[Row]) -> pd.DataFrame:
    rows = list(rows)
    values = value_column([row.value for row in rows])
    columns = [np.array([row[field] for row in rows], np.int64) for field in range(5)]
    time, track, call, line, what = columns
    return _frame(contents, time, values, what, line, call, track)


def _frame(contents: Contents, time: Any, values: Any, what: Any, line: Any, call: Any, track: Any) -> pd.DataFrame:
    codes = contents.tables.calls["code"]
    number = np.where(call >= 0, codes[call], -1) if len(codes) else np.full(len(call), -1)
    columns = {
        "time_ns": time,
        "value": pd.Series(values, dtype=values.dtype),
        "what": pd.Categorical.from_codes(what.astype(np.int8), categories=_WHAT, validate=False),
        "line": line.astype(np.int32),
        "function": contents.codes.names.column(number),
        "span": call.astype(np.int32),
        "track": track.astype(np.int32),
    }
    return ValueFrame({column.name: columns[column.name] for column in HISTORY_COLUMNS})
