from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scope_repl.errors import UnknownValue
from scope_repl.query.instant import duration_ns, instant_ns
from scope_repl.recording.payloads import Unknown
from scope_repl.recording.values import may_refer
from scope_repl.schema import CallKind, Outcome

if TYPE_CHECKING:
    from scope_repl.model import Code
    from scope_repl.recording.contents import Contents

Mask = NDArray[np.bool_]
_OUTCOMES = {outcome.name.lower(): outcome for outcome in Outcome}
_KINDS = {kind.name.lower(): kind for kind in CallKind}


def find_calls(
    contents: Contents,
    *,
    name: str | None,
    module: str | None,
    kind: str | None,
    outcome: str | Iterable[str] | None,
    track: int | str | None,
    after: Any,
    before: Any,
    min_duration: Any,
    max_duration: Any,
    where: Mapping[str, Any] | None,
) -> NDArray[np.intp]:
    """The rows of the calls that answer to all conditions; None asks nothing. See ``Recording.find``."""
    calls = contents.tables.calls
    masks = [contents.codes.mask(lambda code: _matches(code, name, module))[calls["code"]]] if name or module else []
    if kind is not None:
        masks.append((contents.codes.kinds == _choice("kind", kind, _KINDS))[calls["code"]])
    if outcome is not None:
        wanted = [outcome] if isinstance(outcome, str) else list(outcome)
        masks.append(np.isin(calls["outcome"], [_choice("outcome", text, _OUTCOMES) for text in wanted]))
    if track is not None:
        masks.append(calls["track"] == contents.tracks.find(track))
    if after is not None:
        masks.append(calls["start"] >= instant_ns(contents, after))
    if before is not None:
        masks.append(calls["start"] <= instant_ns(contents, before))
    if min_duration is not None:
        masks.append(calls["end"] - calls["start"] >= duration_ns(min_duration))
    if max_duration is not None:
        masks.append(calls["end"] - calls["start"] <= duration_ns(max_duration))
    rows = np.flatnonzero(np.logical_and.reduce(masks)) if masks else np.arange(len(calls["start"]))
    return _with_values(contents, rows, where) if where else rows


def _matches(code: Code, name: str | None, module: str | None) -> bool:
    named = name is None or fnmatchcase(code.name, name) or fnmatchcase(code.qualname, name)
    return named and (module is None or fnmatchcase(code.module, module))


def _choice(option: str, text: str, choices: Mapping[str, int]) -> int:
    if text not in choices:
        raise ValueError(f"{option}={text!r}: the choices are {', '.join(choices)}")
    return int(choices[text])


def _with_values(contents: Contents, rows: NDArray[np.intp], where: Mapping[str, Any]) -> NDArray[np.intp]:
    """Of some calls those whose arguments have certain values. Arguments that are equal in the log are decoded once."""
    names = contents.codes.mask(lambda code: all(name in code.arguments for name in where))
    rows = rows[names[contents.tables.calls["code"][rows]]]
    if contents.log.level == "calls" and len(rows):
        raise UnknownValue(f"the value of {', '.join(where)}", "arguments are not captured at level calls")
    test = _ValueTest(contents, where)
    return rows[np.fromiter((test(row) for row in rows.tolist()), np.bool_, len(rows))]


class _ValueTest:
    def __init__(self, contents: Contents, where: Mapping[str, Any]) -> None:
        self._contents = contents
        self._where = where
        self._known: dict[tuple[int, bytes], bool] = {}

    def __call__(self, row: int) -> bool:
        record = self._contents.payloads.entry(row)
        if record is None:
            return False
        if may_refer(record.data):  # the same bytes are another content at another time
            return self._test(row)
        key = (record.code, record.data)
        if key not in self._known:
            self._known[key] = self._test(row)
        return self._known[key]

    def _test(self, row: int) -> bool:
        names, values = self._contents.payloads.arguments(row)
        if isinstance(values, Unknown):
            return False
        known = dict(zip(names, values, strict=False))
        return all(name in known and _agrees(known[name], wanted) for name, wanted in self._where.items())


def _agrees(value: Any, wanted: Any | Callable[[Any], object]) -> bool:
    return bool(wanted(value)) if callable(wanted) else type(value == wanted) is bool and value == wanted
