from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from scope_repl.query.namespace import Names
from scope_repl.query.variables import NOT_BOUND, Variable, Variables
from scope_repl.recording.resolve import Look
from scope_repl.recording.standing import EXACT, Standing, held, last_known, unknown
from scope_repl.schema import CallKind, CodeFlag, Outcome

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents
    from scope_repl.recording.resolve import Resolver
    from scope_repl.recording.written import LineEvent, Write

_ENTERED = "it had been entered, and no line of it had begun"
_ENDS_WITH_LOOK = frozenset({Outcome.RETURN, Outcome.RAISE, Outcome.CLOSED})


class Bindings:
    """What the names of a call led to at a time.

    Args:
        contents: the recording's contents.
        call: the row of the call.
        time_ns: the time, at which it was running.
        callee: the row of the call that it had made and that was going on; -1 for none.
    """

    def __init__(self, contents: Contents, call: int, time_ns: int, callee: int = -1) -> None:
        self._contents = contents
        self._call = call
        self._time_ns = time_ns
        self._callee = callee
        self._number = contents.spans.code[call]
        self._code = contents.codes[self._number]

    # ---- lines ----

    @cached_property
    def line(self) -> LineEvent | None:
        """The line that was running; None if none had begun, or lines were not captured."""
        return self._contents.state.line(self._call, self._time_ns) if self.has_lines else None

    @cached_property
    def running_line(self) -> int:
        """The number of that line; 0 if there is none. Of a call that goes on it is where it was made.

        The interpreter does not tell of every line that goes on behind a loop.
        """
        if self.line is None:
            return 0
        site = self._contents.payloads.site(self._callee) if self._callee >= 0 else 0
        return self._contents.codes.line(self._number, site) or self.line.line

    @cached_property
    def _looks(self) -> tuple[LineEvent | None, LineEvent | None]:
        """The last look at the frame, as a line began or as the frame was left or suspended, and the next one."""
        state, last = self._contents.state, self.line
        after = state.next_line(self._call, last.time_ns if last else self._contents.spans.start[self._call] - 1)
        while after is not None and after.time_ns <= self._time_ns:
            last, after = after, state.next_line(self._call, after.time_ns)
        return last, after

    @property
    def _next_ns(self) -> int | None:
        """When the next look is. Where a call ends without a change there is one, too, though no line tells of it."""
        after, spans = self._looks[1], self._contents.spans
        if after is not None:
            return after.time_ns
        return spans.end[self._call] if spans.outcome[self._call] in _ENDS_WITH_LOOK else None

    @property
    def level(self) -> str:
        """How much was captured of the function."""
        return self._contents.payloads.level(self._number)

    @property
    def _is_python(self) -> bool:
        return bool(self._contents.codes.kinds[self._number] == CallKind.PYTHON)

    @property
    def has_lines(self) -> bool:
        """Whether the function's lines and locals were captured."""
        return self._is_python and self.level == "lines"

    @cached_property
    def reason(self) -> str:
        """Why no locals are known; "" if they are."""
        if not self._is_python:
            return "locals of calls into libraries and C are not captured"
        if not self.has_lines:
            return f"locals are not captured at level {self.level}"
        if self.line is None and not self._contents.spans.seen[self._call] and not self._writes:
            return "the call had begun when the recording started, and no line of it had begun since"
        return ""

    # ---- names ----

    @property
    def module(self) -> str:
        """The module whose body it is the call of, the names of which are the module's; "" if it is no module's."""
        return self._code.module if self._code.name == "<module>" and not self._has_own_names else ""

    @property
    def _has_own_names(self) -> bool:
        return bool(self._code.flags & CodeFlag.CLASS_BODY)

    @cached_property
    def _writes(self) -> dict[str, Write]:
        """The newest write of each local, those included that have no value any more.

        The variable of a comprehension in a class body hides the body's own of that name as long as it has a value.
        """
        writes = self._contents.state.locals(self._call, self._time_ns)
        found: dict[str, Write] = {}
        for key in sorted((key for key in writes if key >= 0 or self._has_own_names), key=_order):
            name = self._name(key)
            if name not in found or self._contents.payloads.is_gone(found[name].data):
                found[name] = writes[key]
        return found

    def _name(self, key: int) -> str:
        if key < 0:
            return name_of(self._contents, key)
        slots = self._code.slots or self._code.arguments
        return slots[key] if key < len(slots) else f"?{key}"

    def variables(self, resolver: Resolver) -> Variables:
        """The locals.

        Args:
            resolver: the objects of the time.
        """
        code = self._code
        if self.reason:
            return Variables("local", code.qualname, {}, {}, lambda _: unknown(self.reason), self.reason)
        known = {
            name: Variable(self._contents, resolver, write, partial(self._held, write.key, write))
            for name, write in self._writes.items()
            if not (name.startswith(".") or self._contents.payloads.is_gone(write.data))
        }
        if not self.module:
            return Variables("local", code.qualname, known, {}, self._absent, "none was bound")
        names = self.module_names
        absent = partial(self._absent_in_module, names)
        return Variables("local", code.qualname, names.variables(resolver) | known, {}, absent, "none was bound")

    @property
    def module_names(self) -> Names:
        """The names of the module whose body it is the call of."""
        look = Look(self._looked_ns, self._next_ns, self._running, tuple)
        return Names(self._contents, self.module, self._time_ns, look, self._binds)

    def _binds(self, key: int) -> bool | None:
        """Whether the line that is running may bind a local; None where the log does not tell.

        To bind a comprehension's variable is to bind the name of the module or class body around it, too: it is hidden.
        """
        line = self.line.line if self.line else 0
        binds = self._contents.binds.may_bind(self._number, line, key)
        name = self._name(key)
        if binds or key >= 0 or name not in self._code.slots:
            return binds
        return self._contents.binds.may_bind(self._number, line, self._code.slots.index(name))

    def _held(self, key: int, write: Write | None) -> Standing:
        """How it is known that a name was still what it had been.

        A line may bind a name and give it back what it had. Where the log does not tell which names it binds, these are
        at least those that have no value before and after it, such as the variables of comprehensions.
        """
        seen_ns = max(self._looked_ns, write.time_ns if write else 0)
        after = self._contents.state.write_after(self._call, key, self._time_ns)
        known = held(self._time_ns, seen_ns, self._next_ns, after.time_ns if after else None, self._running)
        if self._time_ns == seen_ns or (after and not known.exact):
            return known
        binds = self._binds(key)
        if binds is None:
            binds = write is None or self._contents.payloads.is_gone(write.data)
        elif not binds:
            return EXACT
        return last_known(self._time_ns - seen_ns, self._running) if binds else known

    @property
    def _looked_ns(self) -> int:
        last = self._looks[0]
        return last.time_ns if last else self._contents.spans.start[self._call]

    @property
    def _running(self) -> str:
        return f"line {self.running_line} was running" if self.running_line else _ENTERED

    def _absent(self, name: str) -> Standing:
        """Of a name that has no value, how that is known."""
        slots = self._code.slots
        key = key_of(self._contents, name) if self._has_own_names else None
        key = slots.index(name) if key is None and name in slots else key
        if key is None:
            own = self._writes if self._has_own_names else slots
            names = ", ".join(name for name in own if not name.startswith("."))
            return unknown(f"no line of {self._code.qualname} binds it: its locals are {names or 'none'}")
        standing = self._held(key, self._writes.get(name))
        if standing.exact:
            return NOT_BOUND
        return replace(standing, reason=f"it was not bound; {standing.reason}")

    def _absent_in_module(self, names: Names, name: str) -> Standing:
        """Likewise in a module's body, whose comprehensions have variables that are not the module's."""
        hidden = self._absent(name) if name in self._code.slots else None
        if hidden is not None and not hidden.exact:
            return hidden
        key = key_of(self._contents, name)
        if not names.met(name) and (key is None or not self._contents.binds.binds(self._number, key)):
            return hidden or unknown(f"no line of {self._code.qualname} binds it, and nothing else was seen of it")
        return names.absent(name)

    # ---- looks ----

    def look(self, resolver: Resolver) -> Look | None:
        """The look at what the names lead to that was made last; None if none was.

        Args:
            resolver: the objects of the time.
        """
        if self.has_lines and not self.reason:
            cut = self._looks[0] is not None and self._looks[0].cut
            values = tuple if cut else self.variables(resolver).values
            return Look(self._looked_ns, self._next_ns, self._running, values)
        return self._look_at_self(resolver) if self.level == "values" else None

    def _look_at_self(self, resolver: Resolver) -> Look | None:
        """At level values the ``self`` of a method is looked at as the call begins and as it ends."""
        spans = self._contents.spans
        if not self._is_python or not spans.seen[self._call]:
            return None
        next_ns = spans.end[self._call] if spans.outcome[self._call] in _ENDS_WITH_LOOK else None
        running = f"{self._code.qualname} was running"
        return Look(spans.start[self._call], next_ns, running, partial(self._self, resolver))

    def _self(self, resolver: Resolver) -> Iterable[Any]:
        address = self._contents.payloads.own_address(self._call)
        return () if address is None else (resolver.object(address),)


def _order(key: int) -> tuple[bool, int]:
    """Slots in their order, then names in that of their numbers."""
    return key < 0, abs(key)


def name_of(contents: Contents, key: int) -> str:
    """The name that a negative key stands for.

    Args:
        contents: the recording's contents.
        key: the key.
    """
    code = contents.log.codes.get(-key)
    return code.name if code is not None and code.flags & CodeFlag.NAME else "?"


def key_of(contents: Contents, name: str) -> int | None:
    """The key of a name; None if the log has none for it.

    Args:
        contents: the recording's contents.
        name: the name.
    """
    codes = contents.log.codes.items()
    return next((-number for number, code in codes if code.flags & CodeFlag.NAME and code.name == name), None)
