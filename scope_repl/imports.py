"""What an import error of Scope's says: for which Python it happened, and what to do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NATIVE = ("_tracer", "_reader")


@contextmanager
def explained() -> Iterator[None]:
    """Give import errors of the block the reason and the way out.

    Raises:
        ImportError: an import in the block failed.
    """
    try:
        yield
    except ImportError as error:
        raise ImportError(_explanation(error), name=error.name, path=error.path) from error


def _explanation(error: ImportError) -> str:
    here = f"Scope cannot start in Python {sys.version.split()[0]} ({sys.executable}): {error}"
    if not any(name in str(error) for name in _NATIVE):
        return f"{here}. Bring in what is missing: {sys.executable} -m pip install scope-repl"
    found = sorted(path.name for name in _NATIVE for path in Path(__file__).parent.glob(f"{name}.*.so"))
    built = f"there is {', '.join(found)}" if found else "there is none"
    return (
        f"{here}. Its native modules must be built for this Python, and in {Path(__file__).parent} {built}. "
        f"Install it again: {sys.executable} -m pip install --force-reinstall scope-repl"
    )
