"""The parsers of the magics that ask about a variable: one for each, from which its help and its docstring come."""

from __future__ import annotations

import argparse
import re
from typing import Any, NoReturn

from IPython.core.error import UsageError

from scope_repl.query.why import DEPTH

_WORD = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[^\s"']|["'])+)""")
_QUOTED = re.compile(r"""(["'])((?:(?!\1).)*)\1""")


class QuestionParser(argparse.ArgumentParser):
    """Reads the line behind a magic: a text, and options before or behind it.

    Args:
        name: the magic's name.
        text: what the text is called.
        description: what the magic does.
        epilog: what else is to be said.
    """

    def __init__(self, name: str, text: str, description: str, epilog: str) -> None:
        super().__init__(
            prog=f"%{name}",
            usage=f"%%{name} {text} [options]",
            description=description,
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            add_help=False,
            allow_abbrev=False,
        )
        self.color = False
        self._text = text
        self._with_value: set[str] = set()
        self.option("-h", "--help", action="store_true", help="show this and ask nothing")

    def option(self, *names: str, **settings: Any) -> None:
        """Add an option; see `add_argument`."""
        if self.add_argument(*names, **settings).nargs is None:
            self._with_value.update(names)

    def error(self, message: str) -> NoReturn:  # noqa: D102 - see the base class
        raise UsageError(f"{message}; see {self.prog} --help")

    def read(self, line: str) -> tuple[str, argparse.Namespace]:
        """Read a line.

        Args:
            line: what stands behind the magic. ``--`` ends the options.

        Returns:
            The text as it was written, without quotes around the whole of it, and the options.

        Raises:
            UsageError: an option is unknown or has a bad value, or there is no text.
        """
        words, text = self._split(line)
        options = self.parse_args(words)
        quoted = _QUOTED.fullmatch(text)
        text = quoted[2].strip() if quoted else text
        if not text and not options.help:
            self.error(f"{self.prog} needs a {self._text}")
        return text, options

    def _split(self, line: str) -> tuple[list[str], str]:
        words: list[str] = []
        kept: list[str] = []
        end = 0
        while word := _WORD.match(line, end):
            if not (word[1].startswith("--") or word[1] == "-h"):
                kept.append(word[0])
                end = word.end()
                continue
            end = word.end()
            if word[1] == "--":
                kept.append(line[end:])
                break
            words.append(word[1])
            if word[1] in self._with_value and (value := _WORD.match(line, end)):
                words.append(_QUOTED.sub(r"\2", value[1]))
                end = value.end()
        return words, "".join(kept).strip()


HISTORY = QuestionParser(
    "scope_history",
    "NAME",
    "Show how a variable went in the latest recording.",
    """\
%scope_history total           each value that a variable of this name got
%scope_history f:total         the local of f
%scope_history self.balance    an attribute of the object that it was last of

Gives the DataFrame of rec.history().""",
)

WHEN = QuestionParser(
    "scope_when",
    "CONDITION",
    "Show the first moment of the latest recording at which a condition held.",
    """\
%scope_when x > 5 and len(queue) > 10
%scope_when self.balance < 0 --function Account.*  at the lines of these only
%scope_when total is None --all                    all moments

Gives the moment, or the moments, of rec.when(). A condition is made of names,
constants, attributes, items, comparisons, and, or, not, arithmetic, and the
functions len, min, max, sum, abs, any, all, sorted and isinstance.""",
)
WHEN.option("--function", metavar="GLOB", help="look at the lines of these functions only")
WHEN.option("--all", action="store_true", help="give all moments at which it held")

WHY = QuestionParser(
    "scope_why",
    "NAME",
    "Show the chain of writes that led to a value in the latest recording: the last write,\n"
    "then the last writes of what that line read, and so on.",
    """\
%scope_why total               why it is what it was last
%scope_why f:total --depth 6   further back
%scope_why total --at 1.25     why it was what it was 1.25 seconds after the start

Gives the tree of rec.why().""",
)
WHY.option(
    "--depth", metavar="N", type=int, default=DEPTH, help=f"how many writes one behind the other; {DEPTH} by default"
)
WHY.option("--at", metavar="TIME", help="the time, as %%scope_at takes it; the end by default")
