"""Scope records what a program does and answers what was true at any moment of it.

    >>> import scope_repl
    >>> with scope_repl.record() as rec:
    ...     result = simulate(orders)
    >>> rec.at(1.25).stack()

In IPython and Jupyter, ``%load_ext scope_repl`` brings the magics ``%%scope_trace``, ``%scope_at`` and ``%scope_tree``,
and the object ``scope``.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from scope_repl.capture.redaction import redact
from scope_repl.errors import (
    AlreadyRecording,
    DamagedLog,
    NoRecording,
    NotRecording,
    OptionError,
    OutOfRange,
    ScopeError,
    StillRecording,
    ToolConflict,
    UnknownValue,
)
from scope_repl.query.recording import Recording
from scope_repl.session import Scope, record

__version__ = version("scope-repl")

__all__ = [
    "AlreadyRecording",
    "DamagedLog",
    "NoRecording",
    "NotRecording",
    "OptionError",
    "OutOfRange",
    "Recording",
    "Scope",
    "ScopeError",
    "StillRecording",
    "ToolConflict",
    "UnknownValue",
    "__version__",
    "record",
    "redact",
]


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext scope_repl``: bring the magics and the object ``scope`` into an IPython shell."""
    from scope_repl.magics import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """``%unload_ext scope_repl``: end a recording that is going on and take everything out of the shell again."""
    from scope_repl.magics import unload

    unload(shell)
