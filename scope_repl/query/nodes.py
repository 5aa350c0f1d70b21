"""Values as the rows of a tree that opens level by level: plain JSON in bounded texts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from scope_repl.query.changes import NEW, UNTOLD, Changes, NotThere
from scope_repl.query.shown import SHOWN, parts, plain, standing_of
from scope_repl.recording.captured import (
    CapturedArray,
    CapturedFrame,
    CapturedNamed,
    CapturedObject,
    CapturedType,
    Description,
)
from scope_repl.recording.containers import Container
from scope_repl.recording.cut import Cut, CutBytes, CutInt, CutText, Redacted
from scope_repl.recording.payloads import Raised
from scope_repl.recording.standing import Known, Standing

PAGE = 100
UNKNOWN_TEXT = "?"
_NAME = 100
_STANDING = 300
_DEEPEST = 60
_LOOKED_AT = 100  # values in a value

Row = dict[str, Any]
Path = tuple[str, ...]


class Entry(NamedTuple):
    """A value as a row shows it.

    Attributes:
        name: what it is called in what it is in.
        value: its value; anything where its standing is unknown.
        standing: how it is known.
        changed: whether it is another one than at the line before.
        before: its value then, or ``NEW`` or ``UNTOLD``.
        written: who wrote it last, in words; "" if that is not told.
        key: what stands for it in ids; "" if that is its name.
        jumps: whether its last write can be gone to.
    """

    name: str
    value: Any
    standing: Standing
    changed: bool = False
    before: Any = UNTOLD
    written: str = ""
    key: str = ""
    jumps: bool = True


class Nodes:
    """Makes the rows of values.

    Args:
        opened: the ids of the rows that are open, and how many of those in each are shown.
        changes: compares with the line before; None if there is none.
    """

    def __init__(self, opened: Mapping[str, int], changes: Changes | None) -> None:
        self._opened = opened
        self._changes = changes

    def most(self, root: str) -> int:
        """How many rows of a section are shown."""
        return max(self._opened.get(row_id((root, "")), 0), PAGE)

    def rows(self, root: str, entries: Sequence[Entry], total: int = 0) -> list[Row]:
        """The rows of values that stand beside each other.

        Args:
            root: the name of the section that they stand in.
            entries: the values.
            total: how many values there are, if these are only the first ones.
        """
        names = _unique([entry.key or entry.name for entry in entries])
        rows = [self.row((root, name), entry) for name, entry in zip(names, entries, strict=True)]
        return [*rows, _more((root, ""), len(rows), total)] if total > len(rows) else rows

    def row(self, path: Path, entry: Entry) -> Row:
        """The row of a value, with the rows of what is in it if it is open.

        Args:
            path: what leads to it: a section's name, and the names or labels in it.
            entry: the value.

        Returns:
            id, name, text, type, known (``exact``, ``last``, ``unknown``, ``cut`` or ``sampled``), standing (the same
            in words), changed, written, and count (how many there are in it); and children, if it is open.
        """
        name, value, standing = entry[:3]
        row: Row = {
            "id": row_id(path),
            "name": plain(name, _NAME),
            "text": UNKNOWN_TEXT,
            "type": "",
            "known": known_word(standing),
            "standing": plain(str(standing), _STANDING),
            "changed": entry.changed,
            "written": entry.written,
            "jumps": entry.jumps and standing.known is not Known.NOT,
            "count": 0,
        }
        if standing.known is Known.NOT:
            return row
        count = parts(value, 0, 0)[0] if len(path) < _DEEPEST else 0
        row |= {"text": text_of(value), "type": plain(type_text(value), _NAME), "count": count}
        if count and row["id"] in self._opened:
            row["children"] = self._children(path, entry, self._opened[row["id"]])
        return row

    def _children(self, path: Path, parent: Entry, wanted: int) -> list[Row]:
        total, found = parts(parent.value, 0, max(wanted, PAGE))
        earlier = _earlier(parent.before, len(found))
        labels = _unique([part.label for part in found])
        rows = []
        for key, (label, value) in zip(labels, found, strict=True):
            before = earlier(label)
            changed = self._changes is not None and self._changes.changed(value, before)
            standing = _within(standing_of(value, _LOOKED_AT), parent.standing)
            rows.append(self.row((*path, key), Entry(label, value, standing, changed, before, jumps=parent.jumps)))
        if total > len(found):
            rows.append(_more(path, len(found), total))
        missing = _missing_of(parent.value)
        if missing:
            rows.append(_remark(path, "missing", plain(missing, _STANDING)))
        return rows


def _within(own: Standing, outer: Standing) -> Standing:
    """How a value is known that is held by another one: no better than that."""
    if outer.exact or own.known is Known.NOT or own.age_ns >= outer.age_ns:
        return own
    return replace(outer, missing=own.missing)


def text_of(value: Any, limit: int = SHOWN) -> str:
    """A value in a text of bounded length."""
    return plain(str(value) if isinstance(value, Raised) else repr(value), limit)


def _missing_of(value: Any) -> str:
    """What was not kept of a value itself, in words."""
    known = value.__captured__ if isinstance(value, CapturedObject) else value
    return str(known.missing) if isinstance(known, Container | Description | CapturedArray) else ""


def _earlier(before: Any, count: int) -> Any:
    """What stood under a label before, in a value that may have been another one."""
    if isinstance(before, NotThere):
        return lambda label: before
    known = dict(parts(before, 0, count)[1])
    return lambda label: known.get(label, NEW)


def _more(path: Path, shown_count: int, total: int) -> Row:
    text = f"show {min(PAGE, total - shown_count):,} of {total - shown_count:,} more"
    return _remark(path, "more", text) | {"of": row_id(path), "next": shown_count + PAGE}


def _remark(path: Path, kind: str, text: str) -> Row:
    row = {"id": row_id((*path, f" {kind}")), "kind": kind, "name": "", "text": text, "type": "", "known": ""}
    return row | {"standing": "", "changed": False, "written": "", "jumps": False, "count": 0}


def row_id(path: Path) -> str:
    """A path as one text."""
    return json.dumps(path)


def row_path(text: str) -> Path:
    """The path that a row's id stands for.

    Raises:
        ValueError: it is no row's id.
    """
    found = json.loads(text)
    if not isinstance(found, list) or len(found) < 2 or not all(isinstance(each, str) for each in found):
        raise ValueError(f"id={text!r} is no row's")
    return tuple(found)


def inside(value: Any, labels: Path) -> list[Any]:
    """What is met on the way into a value.

    Args:
        value: the value.
        labels: the labels of what is in it, from the outside to the inside.

    Returns:
        The value, and what was found under each label.

    Raises:
        LookupError: there is nothing under a label.
    """
    met = [value]
    for label in labels:
        total, found = parts(met[-1], 0, 1 << 30)
        names = _unique([part.label for part in found])
        if label not in names:
            raise LookupError(f"nothing is known under {label}, of {total:,} that are kept")
        met.append(found[names.index(label)].value)
    return met


def known_word(standing: Standing) -> str:
    """How something is known, in one word."""
    if standing.known is Known.NOT:
        return "unknown"
    if not standing.exact or "last known" in standing.missing:
        return "last"
    return "exact" if standing.whole else "sampled" if standing.missing.startswith("sampled") else "cut"


def type_text(value: Any) -> str:
    """The name of a captured value's type; "" where that is not known."""
    match value:
        case CapturedObject():
            return str(value.__captured__.type)
        case CapturedArray() | CapturedFrame() | CapturedNamed():
            return str(value.type)
        case CapturedType():
            return "type"
        case CutText():
            return "str"
        case CutBytes():
            return value.kind
        case CutInt():
            return "int"
        case Redacted() | Cut():
            return ""
        case Container():
            return str(value.plain.__name__)
    return type(value).__name__


def _unique(names: Sequence[str]) -> list[str]:
    """The names, with a number behind those that stand there already."""
    if len(set(names)) == len(names):
        return list(names)
    met: dict[str, int] = {}
    found = []
    for name in names:
        met[name] = met.get(name, 0) + 1
        found.append(f"{name} {met[name]}" if met[name] > 1 else name)
    return found
