"""The true state of a program at each of its lines, taken by plain Python in a run of its own."""

from __future__ import annotations

import collections
import contextlib
import inspect
import sys
import threading
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from oracle.copies import Copier, Node, Value

if sys.version_info >= (3, 12):
    from oracle.monitoring import observe
else:
    from oracle.tracing import observe


FRAMES = 24  # of a deep stack so many are copied, the innermost ones
# Names of a module or a class body that the interpreter puts there. A recording may leave them out.
MACHINERY = frozenset(
    f"__{name}__"
    for name in (
        *("name", "doc", "package", "loader", "spec", "file", "cached", "builtins", "warningregistry", "module"),
        *("qualname", "annotations", "annotate", "firstlineno", "static_attributes", "class", "classcell", "classdict"),
        *("classdictcell", "conditional_annotations", "type_params"),
    )
)


class Scene(NamedTuple):
    """One frame of the program's file: its line, and copies of all its locals.

    ``foreign`` are those names of a module's or a class's namespace that its code does not mention: somebody else put
    them there.
    """

    function: str
    line: int
    locals: dict[str, Value]
    foreign: frozenset[str]


@dataclass(frozen=True, slots=True)
class Truth:
    """What was true when a line began (``kind`` line), or when a frame was about to be left (return, yield or unwind).

    ``scenes`` are the frames of the program's file on this thread's stack, innermost first.
    """

    kind: str
    scenes: tuple[Scene, ...]
    nodes: tuple[Node, ...]

    @property
    def place(self) -> tuple[str, str, int]:
        innermost = self.scenes[0]
        return self.kind, innermost.function, innermost.line if self.kind == "line" else 0


@dataclass(slots=True)
class Oracle:
    """Collects the truths of each thread by its name.

    ``counts`` says how many there were, ``passed_over`` how many of a thread's first ones are not taken.
    """

    path: str
    passed_over: Callable[[str], int]
    threads: dict[str, list[Truth]] = field(default_factory=dict)
    counts: collections.Counter[str] = field(default_factory=collections.Counter)
    _namespaces: dict[int, Any] = field(default_factory=dict)  # of class bodies that run, by frame

    def look(self, kind: str, frame: types.FrameType, line: int) -> None:
        """Take the state of a frame of the program, and of those that called it."""
        # Not current_thread(): it would make up a Thread object for a thread that has not registered itself yet.
        thread = threading._active.get(threading.get_ident())  # type: ignore[attr-defined]
        name = thread._name if thread is not None else "?"
        self.counts[name] += 1
        if self.counts[name] > self.passed_over(name):
            self.threads.setdefault(name, []).append(self._truth(kind, frame, line))
        elif not frame.f_code.co_flags & inspect.CO_OPTIMIZED:
            self._locals(frame)
        if kind != "line":
            self._namespaces.pop(id(frame), None)

    def _truth(self, kind: str, frame: types.FrameType, line: int) -> Truth:
        copier = Copier()
        scenes = []
        at: types.FrameType | None = frame
        while at is not None and len(scenes) < FRAMES:
            if at.f_code.co_filename == self.path:
                own_line = line if at is frame and kind == "line" else at.f_lineno
                found = {name: copier.value(live) for name, live in self._locals(at).items()}
                code = at.f_code
                own = {*code.co_names, *code.co_varnames, *code.co_cellvars, *code.co_freevars}
                scenes.append(Scene(code.co_qualname, own_line or 0, found, frozenset(found.keys() - own)))
            at = at.f_back
        return Truth(kind, tuple(scenes), copier.finish())

    def _locals(self, frame: types.FrameType) -> dict[str, Any]:
        """The live locals by name, free and cell variables included; of a module and a class body, their namespaces.

        Before 3.13 ``f_locals`` of a function is a copy that the frame keeps; emptied, it lets nothing live longer.
        That of a class body is its namespace, and to ask for it puts the cells into it: the type parameters of a
        method, which have it as their ``__classdict__``, would show what the oracle itself put there.
        """
        found = frame.f_locals
        if frame.f_code.co_flags & inspect.CO_OPTIMIZED:
            copied = {str(name): live for name, live in found.items()}
            if sys.version_info < (3, 13):
                copied.pop("__classdict__", None)
                found.clear()
            return copied
        if frame.f_code.co_name == "<module>":
            namespace: Any = frame.f_globals
        elif isinstance(found, dict):
            namespace = self._namespaces[id(frame)] = found
        else:  # since 3.13 it shows the variables of a comprehension only, while one runs
            namespace = self._namespaces.get(id(frame), {})
        copied = self._free(frame) if namespace is not frame.f_globals else {}
        copied |= {str(name): live for name, live in dict.items(namespace) if name not in MACHINERY}
        if found is not namespace:
            copied |= {str(name): live for name, live in found.items() if name not in MACHINERY}
        return copied

    def _free(self, frame: types.FrameType) -> dict[str, Any]:
        """The free variables of a class body, which its own frame does not show: those of the function around it."""
        names = set(frame.f_code.co_freevars) - MACHINERY
        if not names or frame.f_back is None:
            return {}
        around = self._locals(frame.f_back)
        return {name: around[name] for name in names if name in around}


@contextlib.contextmanager
def observing(path: Path, passed_over: Callable[[str], int] = lambda name: 0) -> Iterator[Oracle]:
    """Take the truth at each line of one file, in this thread and in threads to come, which have to end before that.

    ``passed_over`` says how many of a thread's first truths are not needed.
    """
    oracle = Oracle(str(path), passed_over)
    failures: list[Exception] = []

    def look(kind: str, frame: types.FrameType, line: int) -> None:
        try:
            oracle.look(kind, frame, line)
        except Exception as error:  # would be raised in the program
            failures.append(error)

    with observe(oracle.path, look):
        yield oracle
    if failures:
        raise failures[0]
