from __future__ import annotations

import heapq
import io
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from scope_repl.errors import OptionError
from scope_repl.query.contexts import Contexts
from scope_repl.query.shown import plain, short
from scope_repl.recording.durations import duration_text
from scope_repl.recording.payloads import Unknown
from scope_repl.schema import CallKind, Outcome

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

_LABEL_WIDTH = 400
_INDENT = 4
_VALUES_WIDTH = 72


class _Node(NamedTuple):
    track: int
    context: int


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


class CallTree:
    """The calls of a recording as a tree in text: calls of one function from one place are one line with a count.

    ``str()`` is plain text; printed by rich or shown in a notebook it has colours.

    Args:
        contents: the recording's contents.
        lines: how many calls are shown at the most; those that took longest are. What is left out is counted.
        track: the row of the only track to show, or None for all.
    """

    def __init__(self, contents: Contents, lines: int, track: int | None) -> None:
        if lines < 1:
            raise OptionError("lines", lines, "give at least 1")
        self._contents = contents
        tracks = range(len(contents.tracks)) if track is None else [track]
        self._contexts = {row: Contexts(contents, row) for row in tracks}
        self._shown = self._longest(lines)

    def _longest(self, lines: int) -> set[_Node]:
        """The nodes that took longest; one is shown only if the one above it is."""
        heap = [entry for track in self._contexts for entry in self._below(_Node(track, -1))]
        heapq.heapify(heap)
        shown: set[_Node] = set()
        while heap and len(shown) < lines:
            node = heapq.heappop(heap)[1]
            shown.add(node)
            for entry in self._below(node):
                heapq.heappush(heap, entry)
        return shown

    def _below(self, node: _Node) -> list[tuple[int, _Node]]:
        contexts = self._contexts[node.track]
        children = contexts.children.get(node.context, ())
        return [(-int(contexts.total_ns[child]), _Node(node.track, child)) for child in children]

    def __rich__(self) -> Tree:
        root = Tree(Text("calls", style="bold"), hide_root=True)
        for track in self._contexts:
            name = plain(self._contents.tracks.threads[track].name)
            self._grow(root.add(Text(f"track {track}: {name}", style="bold")), track)
        return root

    def _grow(self, top: Tree, track: int) -> None:
        branches = {-1: top}
        waiting = [-1]
        while waiting:
            context = waiting.pop()
            children = [entry[1] for entry in self._below(_Node(track, context))]
            hidden = [child for child in children if child not in self._shown]
            for child in children:
                if child in self._shown:
                    branches[child.context] = branches[context].add(self._label(child))
                    waiting.append(child.context)
            if hidden:
                branches[context].add(self._hidden(track, hidden))

    def _hidden(self, track: int, hidden: list[_Node]) -> Text:
        contexts = self._contexts[track]
        calls = sum(int(contexts.count[node.context]) for node in hidden)
        total = sum(int(contexts.total_ns[node.context]) for node in hidden)
        text = f"… {_count(len(hidden), 'more function')}, {_count(calls, 'call')}  {duration_text(total)}"
        return Text(text, style="dim italic")

    def _label(self, node: _Node) -> Text:
        contexts = self._contexts[node.track]
        count, call = int(contexts.count[node.context]), int(contexts.first[node.context])
        number = int(contexts.code[node.context])
        python = self._contents.codes.kinds[number] == CallKind.PYTHON
        text = Text(plain(self._contents.codes[number].qualname), style="" if python else "dim")
        if count == 1:
            text.append(self._values(call), style="cyan" if python else "")
        elif count == 0:
            text.append(" resumed")
        else:
            text.append(f" ×{count:,}", style="bold")
        text.append(f"  {duration_text(int(contexts.total_ns[node.context]))}", style="green")
        self._append_outcome(text, call, count, int(contexts.raised[node.context]))
        return text

    def _append_outcome(self, text: Text, call: int, count: int, raised: int) -> None:
        outcome = Outcome(self._contents.spans.outcome[call])
        if count == 1 and outcome is Outcome.RAISE:
            exception = self._contents.payloads.raised(call)
            text.append(
                "  raised" if isinstance(exception, Unknown) else f"  raised {plain(str(exception))}", style="red"
            )
        elif count == 1 and outcome is not Outcome.RETURN:
            text.append(f"  {outcome.name.lower()}", style="yellow")
        elif raised:
            text.append(f"  {raised:,} raised", style="red")

    def _values(self, call: int) -> str:
        names, values = self._contents.payloads.arguments(call)
        if isinstance(values, Unknown):
            return ""
        shown = ", ".join(f"{name}={short(value)}" for name, value in zip(names, values, strict=False))
        text = f"({shown if len(shown) <= _VALUES_WIDTH else shown[: _VALUES_WIDTH - 1] + '…'})"
        result = self._contents.payloads.result(call)
        return text if isinstance(result, Unknown) else f"{text} → {short(result)}"

    def _console(self) -> Console:
        """A recording console that is wide enough for every line."""
        width = _LABEL_WIDTH + _INDENT * len(self._shown)
        return Console(file=io.StringIO(), width=width, record=True, highlight=False, force_jupyter=False)

    def __str__(self) -> str:
        console = self._console()
        console.print(self)
        return "\n".join(line.rstrip() for line in console.export_text().splitlines())

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        console = self._console()
        console.print(self)
        form = '<pre style="line-height: 1.25; white-space: pre">{code}</pre>'
        return console.export_html(inline_styles=True, code_format=form)
