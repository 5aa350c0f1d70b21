"""The options of a recording as they are typed: what the parsers of the magics and of ``scope-repl run`` share."""

from __future__ import annotations

import argparse
from typing import Any

from scope_repl.config import DEFAULT_BUFFER, LEVELS, OVERFLOWS, Options
from scope_repl.errors import OptionError

NOTES = """\
A GLOB is matched with module names (`pandas` means its submodules too), or
with file paths if it contains a `/` or ends in `.py`.

Levels: `calls` says who called whom and when; `values` also arguments,
results and the messages of exceptions; `lines` also each line that ran, with
each change of a variable; `off` nothing. Without --level, code of the notebook
and of __main__ is recorded at `lines`, all else that is recorded at `values`.

A NAME is that of a variable or a class, such as `cart`, `shop.cart` (an
attribute of `shop`) or `shop.models:Cart` (something in a module). A class
stands for all its instances."""


class RecordingParser(argparse.ArgumentParser):
    """Reads the options of a recording, and knows which of them take a value.

    Args:
        texts: the texts of the help, as `argparse.ArgumentParser` takes them.
    """

    def __init__(self, **texts: Any) -> None:
        super().__init__(
            **texts, formatter_class=argparse.RawDescriptionHelpFormatter, add_help=False, allow_abbrev=False
        )
        self.with_value: set[str] = set()
        self.option("--level", metavar="LEVEL", help=f"{_either(LEVELS)}, for all code that is recorded")
        self.option("--all", action="store_true", help="record libraries too")
        self.option("--include", metavar="GLOB", action="append", help="record these modules or files too; repeatable")
        self.option("--exclude", metavar="GLOB", action="append", help="leave these modules or files out; repeatable")
        self.option("--no-c-calls", dest="c_calls", action="store_false", help="leave calls of C functions out")
        self.option("--max-depth", metavar="N", type=int, help="follow calls N deep and no deeper")
        self.option("--buffer", metavar="SIZE", help=f"memory for the log, such as 64MB; {DEFAULT_BUFFER} by default")
        self.option("--overflow", metavar="POLICY", help=f"{_either(OVERFLOWS)} when it is full; the former by default")
        self.option("--watch", metavar="NAME", action="append", help="follow the attributes of this too; repeatable")

    def option(self, *names: str, **settings: Any) -> None:
        """Add an option, which is absent from what was parsed unless it was given; see `add_argument`."""
        if self.add_argument(*names, default=argparse.SUPPRESS, **settings).nargs is None:
            self.with_value.update(names)

    def options(self, settings: dict[str, Any]) -> Options:
        """Check the options that were given.

        Args:
            settings: them, by name.

        Returns:
            The options; with a bad one the parser's `error` is called.
        """
        try:
            return Options.of(**settings)
        except OptionError as error:
            self.error(f"--{error.option.replace('_', '-')} {error.value}: {error.advice}")


def _either(choices: tuple[str, ...]) -> str:
    return f"{', '.join(choices[:-1])} or {choices[-1]}"
