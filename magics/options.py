"""The options of the magics: one parser, from which the help, the docstring and the usage come."""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from IPython.core.error import UsageError

from scope_repl.arguments import NOTES, RecordingParser
from scope_repl.config import Options

USAGE = """%%scope_trace [options]
       %scope_trace [options] EXPRESSION
       %scope_trace start [options] | stop | status"""

DESCRIPTION = """\
Record what code does, and ask about its past with `scope`.

  %%scope_trace           record the cell
  %scope_trace EXPRESSION record one expression, and give its value
  %scope_trace start      record from now on, over any number of cells
  %scope_trace stop       end that recording
  %scope_trace status     say whether something is being recorded"""

EPILOG = """\
Without options, the code of the notebook and of the working directory is
recorded, and a call into a library is one span."""

COMMANDS = ("start", "stop", "status")

_WORD = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[^\s"'])+)""")
_COMMAND = re.compile(rf"({'|'.join(COMMANDS)})(\s+-.*)?\s*")


class Request(NamedTuple):
    """What the line behind ``scope_trace`` asks for."""

    options: Options
    given: bool
    help: bool
    rest: str


class _Parser(RecordingParser):
    """Shows the usage with each mistake, and its help is a docstring too."""

    def __init__(self) -> None:
        super().__init__(
            prog="scope_trace", usage=USAGE.replace("%", "%%"), description=DESCRIPTION, epilog=f"{NOTES}\n\n{EPILOG}"
        )
        self.color = False
        self.option("-h", "--help", action="store_true", help="show this and run nothing")

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}\n{self.format_usage().rstrip()}")


PARSER = _Parser()
HELP = PARSER.format_help()


def parse(line: str) -> Request:
    """Read the line behind ``scope_trace``.

    Args:
        line: options, and whatever may stand behind them; ``--`` ends the options.

    Returns:
        The options, and the rest of the line as it was written.

    Raises:
        UsageError: an option is unknown, lacks its value or has a bad one; the message shows the usage.
    """
    words, rest = _split(line)
    settings = vars(PARSER.parse_args(words))
    wants_help = settings.pop("help", False)
    return Request(PARSER.options(settings), bool(settings), wants_help, rest)


def parse_cell(line: str) -> Request:
    """Read the line of a cell magic: as `parse`, but nothing may stand behind the options."""
    request = parse(line)
    if request.rest:
        PARSER.error(f"{request.rest!r} is no option: the code begins on the line below %%scope_trace")
    return request


def parse_command(rest: str) -> tuple[str, Request] | None:
    """Read ``start``, ``stop`` or ``status``, with the options behind it.

    Args:
        rest: the rest of a request.

    Returns:
        The command and its options, or None when the text is no command.

    Raises:
        UsageError: the options are bad.
    """
    match = _COMMAND.fullmatch(rest)
    return (match[1], parse_cell(match[2] or "")) if match else None


def _split(line: str) -> tuple[list[str], str]:
    """The words of the options, without quotes, and the rest, untouched."""
    words: list[str] = []
    end = 0
    while (word := _WORD.match(line, end)) and word[1].startswith("-"):
        end = word.end()
        if word[1] == "--":
            break
        words.append(_unquoted(word[1]))
        if word[1] in PARSER.with_value and (value := _WORD.match(line, end)):
            words.append(_unquoted(value[1]))
            end = value.end()
    return words, line[end:].strip()


def _unquoted(word: str) -> str:
    return re.sub(r"""(["'])(.*?)\1""", r"\2", word)
