"""Scope records what a program does and answers what was true at any moment of it.

    >>> import scope_repl
    >>> with scope_repl.record() as rec:
    ...     result = simulate(orders)
    >>> rec.at(1.25).stack()

In IPython and Jupyter, ``%load_ext scope_repl`` brings the magics ``%%scope_trace``, ``%scope_at`` and ``%scope_tree``,
and the object ``scope``.

What stands here is imported when it is first asked for: the kernel must be able to start, and to say why, when the
native modules cannot be imported, and a program that ``scope-repl run`` records is to find nothing imported before it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scope_repl.capture.redaction import redact
    from scope_repl.errors import (
        AlreadyRecording,
        DamagedLog,
        NoRecording,
        NotRecording,
        NotWatchable,
        OptionError,
        OutOfRange,
        ScopeError,
        StillRecording,
        ToolConflict,
        TraceTaken,
        UnknownValue,
        UnwritablePath,
    )
    from scope_repl.query.recording import Recording
    from scope_repl.session import Scope, record, unwatch, watch

    __version__: str

__all__ = [
    "AlreadyRecording",
    "DamagedLog",
    "NoRecording",
    "NotRecording",
    "NotWatchable",
    "OptionError",
    "OutOfRange",
    "Recording",
    "Scope",
    "ScopeError",
    "StillRecording",
    "ToolConflict",
    "TraceTaken",
    "UnknownValue",
    "UnwritablePath",
    "__version__",
    "record",
    "redact",
    "unwatch",
    "watch",
]

_HOMES = {
    "Recording": "scope_repl.query.recording",
    "Scope": "scope_repl.session",
    "record": "scope_repl.session",
    "redact": "scope_repl.capture.redaction",
    "unwatch": "scope_repl.session",
    "watch": "scope_repl.session",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = _version() if name == "__version__" else _imported(name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib.metadata import version

    return version("scope-repl")


def _imported(name: str) -> Any:
    from scope_repl.imports import explained

    with explained():
        return getattr(import_module(_HOMES.get(name, "scope_repl.errors")), name)


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext scope_repl``: bring the magics and the object ``scope`` into an IPython shell."""
    from scope_repl.imports import explained

    with explained():
        from scope_repl.magics import load
    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """``%unload_ext scope_repl``: end a recording that is going on and take everything out of the shell again."""
    from scope_repl.magics import unload

    unload(shell)
