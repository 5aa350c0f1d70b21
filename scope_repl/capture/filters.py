"""Which code is recorded: the options as the tracer's rules, the first of which that matches a code object decides."""

from __future__ import annotations

import os
import sysconfig
import threading
from collections.abc import Iterable, Iterator
from types import FunctionType, MethodType
from typing import Any, NamedTuple

from scope_repl import _tracer
from scope_repl.config import PLAN, Options

MAIN = "__main__"  # the module of what is typed in a notebook, and of the script that is run

# Threads of these packages serve the notebook, and their frames lie between the recorder and the user's cell.
MACHINERY = ("IPython", "ipykernel")
LIBRARY_FOLDERS = ("site-packages", "dist-packages")
_MODULE = type.__dict__["__module__"]  # asked by itself, it does not go through the metaclass


class Rule(NamedTuple):
    """Code whose module's name or file matches the glob gets this level."""

    level: int
    by: str
    glob: str


class Rules(NamedTuple):
    """The rules in the order in which they are asked, and the level of what none of them matches."""

    rules: tuple[Rule, ...]
    default_level: int


def rules(options: Options, lines: str = "lines") -> Rules:
    """The rules for a recording that starts now, in the present working directory.

    Scope's own code is never recorded. Then what is excluded is not, what is included is, the machinery of the
    notebook is not; and of the rest either all is recorded, or ``__main__`` (a notebook's cells among it) and the
    working directory, without the libraries that lie in it.

    Args:
        options: what is to be recorded. By the plan, ``__main__`` is recorded at level lines and the rest at values.
        lines: the level that the plan has instead of lines.

    Returns:
        The rules and the default level.
    """
    off, hidden = _tracer.LEVELS["off"], _tracer.LEVELS["hidden"]
    planned = options.level == PLAN
    level = _tracer.LEVELS["values" if planned else options.level]
    of_main = _tracer.LEVELS[lines] if planned else level
    found = list(_modules(hidden, "scope_repl"))
    found += _named(off, options.exclude)
    for glob in options.include:
        found += _named(of_main if glob == MAIN else level, (glob,))
    for package in MACHINERY:
        found += _modules(hidden, package)
    if not options.all:
        found += (Rule(off, "file", f"{escape(root)}/*") for root in library_roots())
        found += (Rule(off, "file", f"*/{folder}/*") for folder in LIBRARY_FOLDERS)
    found.append(Rule(of_main, "module", MAIN))
    if not options.all:
        found += (Rule(level, "file", f"{escape(folder)}/*") for folder in working_directories())
    return Rules(tuple(found), level if options.all else off)


def _modules(level: int, glob: str) -> Iterator[Rule]:
    yield Rule(level, "module", glob)
    yield Rule(level, "module", f"{glob}.*")


def _named(level: int, globs: Iterable[str]) -> Iterator[Rule]:
    """The rules for the globs of a user, over module names or file paths."""
    for glob in globs:
        if os.sep in glob or glob.endswith(".py"):
            yield Rule(level, "file", _file_glob(glob))
        else:
            yield from _modules(level, glob)


def _file_glob(glob: str) -> str:
    """An absolute glob: `src/*.py` counts from the working directory, `model.py` is a file of that name anywhere."""
    folder = glob.endswith(os.sep) or os.path.isdir(os.path.expanduser(glob))
    if os.sep not in glob:
        return f"*/{glob}"
    if glob.startswith("*"):
        return f"{glob}*" if folder else glob
    path = os.path.normpath(os.path.expanduser(glob))
    if not os.path.isabs(path):
        path = os.path.normpath(f"{escape(os.getcwd())}/{path}")
    return f"{path}/*" if folder else path


def escape(text: str) -> str:
    """The glob that matches the text itself and nothing else."""
    return "".join(f"\\{character}" if character in "\\*?[]" else character for character in text)


def working_directories() -> tuple[str, ...]:
    """The working directory, without a slash at its end, under each name that files in it may go by."""
    here = os.getcwd()
    named = os.environ.get("PWD", here)
    if not (os.path.isabs(named) and os.path.isdir(named) and os.path.samefile(named, here)):
        named = here
    return tuple(dict.fromkeys(folder.rstrip("/") for folder in (here, named)))


def library_roots() -> tuple[str, ...]:
    """The folders of this interpreter's libraries and scripts, which may lie under the working directory."""
    roots = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib", "scripts")}
    roots.add(os.path.dirname(os.__file__))
    roots |= {os.path.realpath(root) for root in roots}
    return tuple(sorted(root for root in roots if os.path.isabs(root)))


def machinery_threads() -> tuple[int, ...]:
    """The idents of the notebook's own threads that do not say so themselves, by `pydev_do_not_trace`.

    One of them is the thread in which pyzmq lets go of the buffers of messages that have been sent.
    """
    machinery = filter(_is_machinery, threading.enumerate())
    return tuple(ident for ident in (_own(thread, "_ident") for thread in machinery) if ident is not None)


def _is_machinery(thread: threading.Thread) -> bool:
    target = _own(thread, "_target")  # gone when the thread has ended
    if type(target) is MethodType:
        target = target.__func__  # any callable
    modules = [_MODULE.__get__(type(thread)), target.__module__ if type(target) is FunctionType else None]
    names = [module for module in modules if type(module) is str]
    return any(name.partition(".")[0] in MACHINERY or name == "zmq.utils.garbage" for name in names)


def _own(thread: threading.Thread, name: str) -> Any:
    """An attribute of a thread, past what a class of the user's makes of attributes: none of its code may run here."""
    return object.__getattribute__(thread, "__dict__").get(name)
