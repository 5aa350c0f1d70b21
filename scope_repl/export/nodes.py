from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from scope_repl.export.text import clipped, written
from scope_repl.query.palette import LIGHT, colour
from scope_repl.recording.durations import duration_text

_MOST = 300
_GREY = "#c4c4c4"
_LABEL = 100
_NO_MODULE = "(no module)"


class Node(NamedTuple):
    """One block of the figure. The self time of a block with others in it is the sum of theirs."""

    id: str
    parent: str
    label: str
    hover: str
    colour: str
    self_ns: int


@dataclass(slots=True)
class _Group:
    """The recording, a package or a module, with the functions that stand in it by themselves and those summed up."""

    label: str
    colour: str
    groups: dict[str, _Group] = field(default_factory=dict)
    functions: list[_Function] = field(default_factory=list)
    more: list[_Function] = field(default_factory=list)

    def sums(self) -> tuple[int, int]:
        """Calls and self time."""
        parts = [group.sums() for group in self.groups.values()]
        parts += [(function.calls, function.self_ns) for function in (*self.functions, *self.more)]
        return sum(calls for calls, _ in parts), sum(self_ns for _, self_ns in parts)


class _Function(NamedTuple):
    module: str
    function: str
    calls: int
    self_ns: int
    total_ns: int


def nodes(table: pd.DataFrame) -> list[Node]:
    """The blocks of a figure of self time: all, packages, their modules, their functions; 300 at the most.

    Args:
        table: the functions, as `scope_repl.query.functions.functions` gives them.
    """
    root = _Group("all calls", _GREY)
    room = _MOST - 2  # each group has a block, and one for what is summed up in it
    for function in map(_Function._make, table.itertuples(index=False, name=None)):
        path = _path(function.module)
        group, missing = _deepest(root, path)
        room -= 1 + 2 * len(missing)
        if room < 0:
            group.more.append(function)
            continue
        for name in missing:
            group = group.groups.setdefault(name, _Group(name, LIGHT[colour(name, "")]))
        group.functions.append(function)
    return list(_blocks(root, "all", ""))


def _path(module: str) -> list[str]:
    """The package and the module; one name where they are the same."""
    package = module.partition(".")[0]
    return [package, module] if package and package != module else [module or _NO_MODULE]


def _deepest(group: _Group, path: list[str]) -> tuple[_Group, list[str]]:
    """The deepest group of a path that is there, and the names of those that are not."""
    for position, name in enumerate(path):
        if name not in group.groups:
            return group, path[position:]
        group = group.groups[name]
    return group, []


def _blocks(group: _Group, own: str, parent: str) -> Iterator[Node]:
    calls, self_ns = group.sums()
    yield _node(own, parent, group.label, group.colour, calls, self_ns)
    for number, inner in enumerate(group.groups.values()):
        yield from _blocks(inner, f"{own}/{number}", own)  # a name can be long, and hold what cannot be sent
    for number, function in enumerate(group.functions):
        total = f"<br>with what it called {duration_text(function.total_ns)}"
        where = f"<br>{_shown(function.module)}" if function.module else ""
        yield _node(
            f"{own}:{number}",
            own,
            function.function,
            group.colour,
            function.calls,
            function.self_ns,
            where + total,
        )
    if group.more:
        calls, self_ns = sum(each.calls for each in group.more), sum(each.self_ns for each in group.more)
        yield _node(f"{own}:more", own, f"… {len(group.more):,} more", _GREY, calls, self_ns)


def _node(own: str, parent: str, label: str, fill: str, calls: int, self_ns: int, more: str = "") -> Node:
    counted = f"{calls:,} {'call' if calls == 1 else 'calls'}"
    hover = f"<b>{_shown(label)}</b><br>{counted}<br>self {duration_text(self_ns)}{more}"
    return Node(own, parent, _shown(label), hover, fill, self_ns)


def _shown(text: str) -> str:
    """A text for plotly, which reads some tags and entities."""
    return written(clipped(text, _LABEL)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
