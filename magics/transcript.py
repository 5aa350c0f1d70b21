"""Where a shell shows texts, and which of its variables are its own."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from IPython.core.interactiveshell import InteractiveShell

from scope_repl.capture.outputs import DISPLAY, RESULT, SILENT, STDERR, STDOUT, Place

_OWN = re.compile(r"__\w+__|_i{1,3}|_i?\d+|_[dio]h|_exit_code")
_LATEST = ("_", "__", "___")  # results, as long as nothing else stands there


def places(shell: InteractiveShell) -> Iterator[Place]:
    """The functions that show texts of a shell now.

    Args:
        shell: the shell.
    """
    yield Place(sys.stdout, "write", STDOUT)
    if sys.stderr is not sys.stdout:
        yield Place(sys.stderr, "write", STDERR)
    yield Place(shell.display_pub, "publish", DISPLAY)
    yield Place(shell.displayhook, "write_output_prompt", SILENT)
    yield Place(shell.displayhook, "write_format_data", RESULT)
    yield Place(shell.displayhook, "finish_displayhook", SILENT)


def hidden_names(shell: InteractiveShell) -> frozenset[str]:
    """The names of variables that the shell, and not the user, has put into the namespace.

    Args:
        shell: the shell. Some names are its own only as long as what it has put there stands under them.
    """
    own = dict(shell.user_ns_hidden)
    own.update((name, getattr(shell.displayhook, name, None)) for name in _LATEST)
    variables = list(shell.user_ns.items())  # at once: other threads may change it
    return frozenset(
        name
        for name, value in variables
        if type(name) is str and (_OWN.fullmatch(name) or (name in own and own[name] is value))
    )
