from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scope_repl.query.bindings import Bindings
from scope_repl.query.namespace import Names, look_by_cells
from scope_repl.query.variables import Variables
from scope_repl.recording.resolve import Look, Resolver

if TYPE_CHECKING:
    from scope_repl.recording.contents import Contents

MAIN = "__main__"


def main_namespace(contents: Contents, resolver: Resolver) -> Variables:
    """The variables of the notebook, or of the main program.

    They are known by the lines of its own body where that is running, else by the beginnings and ends of cells.

    Args:
        contents: the recording's contents.
        resolver: the objects of the moment.
    """
    body = next(_bodies(contents, resolver.time_ns), None)
    if body is None:
        names = Names(contents, MAIN, resolver.time_ns, look_by_cells(contents, resolver.time_ns))
    else:
        names = body.module_names
    return Variables("variable", MAIN, names.variables(resolver), {}, names.absent, "none was captured")


def main_looks(contents: Contents, resolver: Resolver) -> Iterator[Look]:
    """The looks at the main module's names by lines of its own body, on whichever track that is running.

    Args:
        contents: the recording's contents.
        resolver: the objects of the moment.
    """
    for body in _bodies(contents, resolver.time_ns):
        look = body.look(resolver)
        if look is not None:
            yield look


def _bodies(contents: Contents, time_ns: int) -> Iterator[Bindings]:
    """The calls of the main module's body that are running and of which lines were captured."""
    slices = contents.slices
    for track in range(len(contents.tracks)) if contents.state.has_lines else ():
        for row in slices.outwards(slices.at(track, time_ns).innermost):
            bindings = Bindings(contents, slices.call(row), time_ns)
            if bindings.module == MAIN and bindings.has_lines and not bindings.reason:
                yield bindings
