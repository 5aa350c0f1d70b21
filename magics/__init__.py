"""Scope in IPython and Jupyter: ``%%scope_trace``, the magics that ask about recordings, and ``scope``."""

from __future__ import annotations

from IPython.core.interactiveshell import InteractiveShell

from .extension import Extension

_loaded: list[Extension] = []


def load(shell: InteractiveShell) -> None:
    """Bring Scope into a shell.

    Args:
        shell: the shell; nothing happens when Scope is in it already.
    """
    if not any(extension.shell is shell for extension in _loaded):
        extension = Extension(shell)
        extension.load()
        _loaded.append(extension)


def unload(shell: InteractiveShell) -> None:
    """Take Scope out of a shell again, and end a recording that is going on.

    Args:
        shell: the shell; nothing happens when Scope is not in it.
    """
    for extension in [extension for extension in _loaded if extension.shell is shell]:
        _loaded.remove(extension)
        extension.unload()
