from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from scope_repl.errors import DamagedLog

T = TypeVar("T")


def checked(question: Callable[..., T], *arguments: Any) -> T:
    """What the native reader answers.

    Args:
        question: one of its functions.
        arguments: the function's.

    Raises:
        DamagedLog: the log does not follow its format.
    """
    try:
        return question(*arguments)
    except ValueError as error:
        raise DamagedLog(f"the log cannot be read: {error}") from None
