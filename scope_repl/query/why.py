"""Why a value is what it is: the write that gave it, the writes of what that line read, and so on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from scope_repl.errors import OptionError, UnknownValue
from scope_repl.query.home import home_in, is_definition
from scope_repl.query.paths import Path, read_path
from scope_repl.query.places import Place, place_at, place_of
from scope_repl.query.reads import calls_at_line, name_of_call, reads_of_argument, reads_of_line
from scope_repl.query.shown import plain, short
from scope_repl.query.writes import NamedWrite
from scope_repl.recording.durations import time_text
from scope_repl.recording.payloads import Unknown

if TYPE_CHECKING:
    from scope_repl.query.moment import Moment
    from scope_repl.recording.contents import Contents

DEPTH = 3
_MOST = 200
_DEEPEST = 50
_CALLS = 5  # of one line that are looked into
_SLICES = 10_000


class Source(NamedTuple):
    """The line whose reading is behind something.

    Attributes:
        name: what it wrote or returned.
        what: as that of ``NamedWrite``, or ``returned``.
        span: the call in which it ran.
        line: the line.
        time_ns: when it had done so.
    """

    name: str
    what: str
    span: int
    line: int
    time_ns: int


class Why:
    """Why something is what it is: a write, or what a call returned, and below it why what its line read is what it is.

    Attributes:
        text: what it is, and where it became so, in words.
        write: the write that gave it its value; None where that is not known, and for what a call returned.
        causes: the same of what its line read.
    """

    def __init__(self, text: str, write: NamedWrite | None, source: Source | None) -> None:
        self.text = text
        self.write = write
        self.causes: list[Why] = []
        self._source = source

    @property
    def head(self) -> str:
        """The text in one line of bounded length."""
        return plain(" ".join(self.text.split()), 600)

    def _lines(self, indent: str) -> Iterator[str]:
        for number, cause in enumerate(self.causes):
            last = number == len(self.causes) - 1
            yield f"{indent}{'└─ ' if last else '├─ '}{cause.head}"
            yield from cause._lines(indent + ("   " if last else "│  "))

    def __repr__(self) -> str:
        return "\n".join([self.head, *self._lines("")])

    def _node(self) -> str:
        head = f"<code>{escape(self.head)}</code>"
        if not self.causes:
            return f"<div style='margin-left: 1.2em'>{head}</div>"
        inner = "".join(cause._node() for cause in self.causes)
        return f"<details open style='margin-left: 1.2em'><summary>{head}</summary>{inner}</details>"

    def _repr_html_(self) -> str:
        return f"<div>{self._node()}</div>"


def why(contents: Contents, name: str, moment: Moment | None, depth: int) -> Why:
    """Why a value is what it is.

    Args:
        contents: the recording's contents.
        name: a name or a path, as of `last_write`.
        moment: when the value was there; None for the end of the recording.
        depth: how many writes there are from the value to the first one at the most.

    Raises:
        OptionError: it is no name, or the depth is no number from 1 to 50.
        UnknownValue: the write that gave the value is not known.
    """
    if type(depth) is not int or not 1 <= depth <= _DEEPEST:
        raise OptionError("depth", depth, f"give a number from 1 to {_DEEPEST}")
    path = read_path(name)
    time_ns = contents.end_ns if moment is None else moment.time_ns
    place = place_at(contents, path, moment, time_ns)
    return _Chain(contents).grow(place, time_ns, depth)


class _Chain:
    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._seen: set[tuple[str, int, int]] = set()

    def grow(self, place: Place, time_ns: int, depth: int) -> Why:
        """The tree, level by level, so that what is nearest is found first where there is much."""
        root = self._of_write(NamedWrite(self._contents, place, time_ns))
        level = [root]
        for _ in range(depth - 1):
            level = [cause for why in level for cause in self._causes(why)]
        return root

    def _of_write(self, write: NamedWrite) -> Why:
        source = f": {write.source}" if write.source else ""
        text = f"{write.values}  [{write.where}{source}, {time_text(write.time_ns)}]"
        return Why(text, write, Source(write.name, write.what, write.span, write.line, write.time_ns))

    def _causes(self, why: Why) -> list[Why]:
        source = why._source
        if source is None:
            return []
        key = source.name, source.time_ns, source.span
        if key in self._seen or len(self._seen) >= _MOST:
            why.text += " (see above)" if key in self._seen else f" (there are more than {_MOST} writes)"
            return []
        self._seen.add(key)
        why.causes = [cause for cause in self._read(why, source) if cause is not None]
        return why.causes

    def _read(self, why: Why, source: Source) -> Iterator[Why | None]:
        """What a line read, as it began."""
        if source.span < 0:
            return
        state = self._contents.state
        call = source.span
        if source.what == "argument":
            call = int(self._contents.tables.calls["parent"][source.span])
        began = state.line(call, source.time_ns - (source.what != "argument")) if call >= 0 else None
        if began is None or not source.line:
            return
        text = self._text(why, call)
        if not text:
            return
        if source.what == "argument":
            paths = self._passed(text, began.line, source)
        else:
            name = source.name.rpartition(":")[2].partition(".")[0].partition("[")[0]
            paths = reads_of_line(text, source.line, name)
            yield from self._returned(text, source, began.time_ns)
        for path in paths:
            yield self._cause(path, call, began.time_ns)

    def _passed(self, text: str, line: int, source: Source) -> list[Path]:
        """What an argument was made of, in the frame that called."""
        code = self._contents.codes[self._contents.spans.code[source.span]]
        name = source.name.rpartition(":")[2]
        place = code.arguments.index(name) if name in code.arguments else -1
        return reads_of_argument(text, line, code.qualname, name, place)

    def _returned(self, text: str, source: Source, began_ns: int) -> Iterator[Why]:
        """What the functions returned that a line called by their names."""
        contents = self._contents
        wanted = calls_at_line(text, source.line)
        found = []
        for call in self._calls(source, began_ns):
            code = contents.codes[contents.spans.code[call]]
            last = contents.state.line(call, contents.spans.end[call])
            value = contents.payloads.result(call)
            if name_of_call(code.qualname) in wanted and last is not None and not isinstance(value, Unknown | None):
                found.append((call, code, last, value))
        if len(found) > _CALLS:
            return
        for call, code, last, value in found:
            number = contents.spans.code[call]
            line = contents.sources.block(number, last.line, 0, 0).lines
            where = (
                f"{code.qualname}, {contents.codes.title(number)}:{last.line}{f': {line[0].strip()}' if line else ''}"
            )
            end_ns = contents.spans.end[call]
            head = f"{code.qualname}() returned {short(value)}  [{where}, {time_text(end_ns)}]"
            yield Why(head, None, Source(f"{code.qualname}()", "returned", call, last.line, end_ns))

    def _calls(self, source: Source, began_ns: int) -> Iterator[int]:
        """The calls that were made while a line ran."""
        contents = self._contents
        bounds = contents.tables.bounds[contents.spans.track[source.span]]
        first = bisect_left(contents.slices.start, began_ns, bounds.first_slice, bounds.slice_end)
        last = bisect_left(contents.slices.start, source.time_ns, bounds.first_slice, bounds.slice_end)
        parents = contents.tables.calls["parent"]
        for row in range(first, min(last, first + _SLICES)):
            call = contents.slices.call(row)
            if parents[call] == source.span:
                yield call

    def _text(self, why: Why, call: int) -> str:
        """The source of a call's file, if that can be what ran."""
        contents = self._contents
        number = contents.spans.code[call]
        file = contents.codes[number].file
        standing = contents.sources.standing(number)
        if file in contents.log.sources and (standing.exact or file in contents.log.changed_files):
            return contents.log.sources[file]
        why.text += f" (what it read is not known: {standing.reason})"
        return ""

    def _cause(self, path: Path, call: int, time_ns: int) -> Why | None:
        contents = self._contents
        home = home_in(contents, call, path.name, time_ns)
        if home is None:
            return None
        try:
            place = place_of(contents, path, home, time_ns)
            if is_definition(place.value(time_ns)):
                return None
            return self._of_write(NamedWrite(contents, place, time_ns))
        except UnknownValue as error:
            if path.steps:  # a property or a method, perhaps: then it is what it is asked of
                return self._cause(path._replace(steps=path.steps[:-1]), call, time_ns)
            return Why(str(error), None, None)
