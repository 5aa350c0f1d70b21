from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scope_repl.errors import UnknownValue
from scope_repl.query.arguments import arguments
from scope_repl.query.bindings import Bindings
from scope_repl.query.variables import Variables
from scope_repl.recording.durations import duration_text
from scope_repl.recording.payloads import Raised, Unknown
from scope_repl.recording.resolve import Look, Resolver
from scope_repl.recording.sources import Block
from scope_repl.recording.standing import EXACT, Standing, last_known, unknown
from scope_repl.schema import CallKind, Outcome

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents


class Frame:
    """One entry of a stack at a moment.

    Attributes:
        span: the row of its call in ``rec.calls``.
        track: the row of its track in ``rec.tracks``.
        suspended: whether it is a generator or coroutine that waits to be resumed.
    """

    __slots__ = (
        "_bindings",
        "_contents",
        "_number",
        "_resolver",
        "_site_call",
        "_site_running",
        "_standing",
        "_time_ns",
        "span",
        "suspended",
        "track",
    )

    def __init__(
        self,
        contents: Contents,
        time_ns: int,
        track: int,
        span: int,
        standing: Standing,
        site_call: int,
        site_running: bool,
        suspended: bool = False,
        resolver: Resolver | None = None,
    ) -> None:
        self._contents = contents
        self._bindings = Bindings(contents, span, time_ns, site_call if site_running else -1)
        self._resolver = Resolver(contents, time_ns, self.looks) if resolver is None else resolver
        self._time_ns = time_ns
        self._standing = standing
        self._site_call = site_call
        self._site_running = site_running
        self._number = contents.spans.code[span]
        self.span = span
        self.track = track
        self.suspended = suspended

    @property
    def function(self) -> str:
        """The function's name."""
        return self._contents.codes[self._number].name

    @property
    def qualname(self) -> str:
        """The function's qualified name, as in ``rec.calls.name``."""
        return self._contents.codes[self._number].qualname

    @property
    def module(self) -> str:
        """The module that defines the function; empty where there is none."""
        return self._contents.codes[self._number].module

    @property
    def file(self) -> str:
        """The source file; empty for C callables."""
        return self._contents.codes[self._number].file

    @property
    def title(self) -> str:
        """The source file in short: ``In[3]`` for a cell of a notebook, else the last part of its path."""
        return self._contents.codes.title(self._number)

    @property
    def kind(self) -> str:
        """``python``, ``opaque`` (a call into a Python library) or ``c``."""
        return CallKind(int(self._contents.codes.kinds[self._number])).name.lower()

    @property
    def level(self) -> str:
        """How much was captured of the function: ``calls``, ``values`` or ``lines``."""
        return self._bindings.level

    @property
    def line(self) -> int | None:
        """The source line: the one that was running, as far as that is known; ``standing("line")`` says how it is.

        Below level lines it is that of the call in progress, or the last one known. None for C callables.
        """
        return self._line()[0]

    def source(self, before: int = 8, after: int = 8) -> Block:
        """The source lines around ``line``, as they were when the recording ended.

        Args:
            before: how many lines there are above it at the most.
            after: how many there are below it at the most.

        Returns:
            The lines, and how it is known that they are what ran.
        """
        return self._contents.sources.block(self._number, self.line or 0, before, after)

    def _line(self) -> tuple[int | None, Standing]:
        code = self._contents.codes[self._number]
        if not code.first_line:
            return None, unknown("it is a C callable")
        codes, spans = self._contents.codes, self._contents.spans
        if self._bindings.running_line:
            return self._bindings.running_line, self._standing
        site = self._contents.payloads.site(self._site_call) if self._site_call >= 0 else 0
        line = codes.line(self._number, site)
        if line is not None and self._site_running:
            return line, self._standing
        if line is None:
            line, since, reason = codes.entry_line(self._number), spans.start[self.span], "where it was entered"
        else:
            since, reason = spans.end[self._site_call], "its last call"
        age = self._time_ns - since
        return line, last_known(age, reason) if age or not spans.seen[self.span] else self._standing

    @property
    def args(self) -> Variables:
        """The arguments by name, with their values as they were when the call began."""
        return arguments(self._contents, self.span)

    @property
    def locals(self) -> Variables:
        """The local variables by name, those of enclosing functions included. Captured at level lines only.

        In a module's body they are the module's names.
        """
        return self._bindings.variables(self._resolver)

    def looks(self) -> tuple[Look, ...]:
        """The looks that the frame's objects are known by, at the moment or before it."""
        look = self._bindings.look(self._resolver)
        return () if look is None else (look,)

    @property
    def running_ns(self) -> int:
        """How long ago the call began, in ns; with the time in which it was suspended."""
        return self._time_ns - self._contents.spans.start[self.span]

    @property
    def outcome(self) -> str:
        """How the call ended later, as in ``rec.calls.outcome``."""
        return Outcome(self._contents.spans.outcome[self.span]).name.lower()

    @property
    def remaining_ns(self) -> int:
        """How much later the call ended, or the recording if the call had not, in ns."""
        return self._contents.spans.end[self.span] - self._time_ns

    @property
    def result(self) -> Any:
        """What the call returned later, as it was then.

        Raises:
            UnknownValue: it did not return in the recording, or the value was not captured.
        """
        value = self._contents.payloads.result(self.span)
        if isinstance(value, Unknown):
            raise UnknownValue(f"the result of {self.qualname}", value.reason)
        return value

    @property
    def exception(self) -> Raised | None:
        """The exception that ended the call later, or None."""
        raised = self._contents.payloads.raised(self.span)
        return None if isinstance(raised, Unknown) else raised

    def standing(self, piece: str = "frame") -> Standing:
        """How a piece is known.

        Args:
            piece: ``frame`` (that it was there), ``line``, ``start``, ``args``, ``locals`` (that they are known at all:
                each has a standing of its own) or ``result``.

        Raises:
            ValueError: there is no such piece.
        """
        if piece == "frame":
            return self._standing
        if piece == "line":
            return self._line()[1]
        if piece == "start":
            seen = self._contents.spans.seen[self.span]
            return EXACT if seen else unknown("the call had begun when the recording started")
        if piece == "locals":
            return unknown(self._bindings.reason) if self._bindings.reason else self._standing
        known: dict[str, Any] = {
            "args": lambda: self._contents.payloads.arguments(self.span)[1],
            "result": lambda: self._contents.payloads.result(self.span),
        }
        if piece not in known:
            raise ValueError(f"piece={piece!r}: the pieces are frame, line, start, args, locals and result")
        value = known[piece]()
        return unknown(value.reason) if isinstance(value, Unknown) else EXACT

    def __repr__(self) -> str:
        file = self._contents.log.titles.get(self.file, self.file)
        where = f"{file}:{self.line}" if file else self.module
        state = "suspended" if self.suspended else "running"
        arguments = self.args.line() if self.kind == "python" else "…"
        return f"{self.qualname}({arguments}) {where} [{state} for {duration_text(self.running_ns)}]"
