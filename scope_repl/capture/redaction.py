"""The words that make a name a secret, whose values are not recorded."""

from __future__ import annotations

from collections.abc import Iterable

from scope_repl import _tracer
from scope_repl.errors import OptionError


def redact(words: Iterable[str]) -> None:
    """Record arguments and results as redacted where their name contains one of these words.

    The words take the place of those that Scope has by default (``password``, ``token``, ``api_key`` and the like);
    without any, nothing is redacted. They hold for this process, from the next recorded event on.

    Args:
        words: the words, in upper or lower case.

    Raises:
        OptionError: one of them is not text.
    """
    checked = (words,) if isinstance(words, str) else tuple(words)
    for word in checked:
        if not isinstance(word, str) or not word:
            raise OptionError("redact", word, "give words such as 'password' or 'token'")
    _tracer.set_secrets(tuple(word.lower() for word in checked))
