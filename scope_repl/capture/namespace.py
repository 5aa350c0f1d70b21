"""The variables of a notebook, looked at where its cells begin and end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from scope_repl import _tracer


class Namespace(NamedTuple):
    """The variables of a notebook.

    Attributes:
        module: the name of the module that they belong to.
        variables: them.
        hidden: gives the names that are not the user's.
    """

    module: str
    variables: dict[str, Any]
    hidden: Callable[[], frozenset[str]]

    def look(self) -> None:
        """Record what has changed since the last look, if a recorder runs."""
        if _tracer.running():
            _tracer.look_namespace(self.module, self.variables, self.hidden())
