"""`scope-repl` as it is met in a terminal: a real pseudo-terminal, in which the prompt draws."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pexpect
import pytest
from command import COMMAND, TIMEOUT, command, environment
from shells import has_terminals

IN_A_TERMINAL = pytest.mark.skipif(not has_terminals(), reason="the system gives out no pseudo-terminals")

ESCAPE = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|[=>])")


class Terminal:
    """Somebody who types, and reads what stands there."""

    def __init__(self, folder: Path, *words: str) -> None:
        # What the terminal is asked about itself, nobody here answers.
        settings = environment(IPYTHONDIR=str(folder / "ipython"), PROMPT_TOOLKIT_NO_CPR="1", TERM="xterm-256color")
        self._child = pexpect.spawn(
            COMMAND, list(words), cwd=str(folder), env=settings, encoding="utf-8", timeout=TIMEOUT, dimensions=(50, 160)
        )

    def type(self, text: str) -> None:
        self._child.send(text)

    def read_to(self, text: str) -> str:
        """What is shown up to a text, without colours and movements; the text may be a pattern."""
        self._child.expect(text)
        return ESCAPE.sub("", self._child.before + self._child.after)

    def prompt(self, number: int) -> str:
        colour = r"(?:\x1b\[[0-9;]*m)*"
        return self.read_to(rf"In \[{colour}{number}{colour}\]")

    def status(self) -> int:
        self._child.expect(pexpect.EOF)
        self._child.close()
        return int(self._child.exitstatus)

    def close(self) -> None:
        self._child.close(force=True)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    opened = Terminal(tmp_path)
    yield opened
    opened.close()


@IN_A_TERMINAL
def test_cell_is_recorded_and_asked_about(terminal: Terminal) -> None:
    assert "Scope " in terminal.prompt(1)
    terminal.type("%%scope_trace\rdef f(x): return 2 * x\rf(21)\r\r\r")
    shown = terminal.prompt(2)
    assert "42" in shown
    assert " events in " in shown
    assert "f(x=21) → 42" in shown
    terminal.type("scope.at('50%')\r")
    assert "track 0: MainThread" in terminal.prompt(3)
    terminal.type("exit\r")
    assert terminal.status() == 0


@IN_A_TERMINAL
def test_interrupt_ends_the_cell_and_shows_its_tree(terminal: Terminal) -> None:
    terminal.prompt(1)
    terminal.type("%%scope_trace\rprint('wait' + 'ing'); import time; time.sleep(600)\r\r\r")
    terminal.read_to("waiting")
    terminal.type("\x03")
    shown = terminal.prompt(2)
    assert "KeyboardInterrupt" in shown
    assert " events in " in shown


@IN_A_TERMINAL
def test_options_go_to_ipython(tmp_path: Path) -> None:
    opened = Terminal(tmp_path, "--no-banner", "-i", "-c", "print('first', scope)")
    try:
        assert "first <Scope: not recording" in opened.prompt(1)
    finally:
        opened.close()


@IN_A_TERMINAL
def test_tree_in_a_terminal_keeps_its_lines(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text(f"def f(text): return text\nf({'long ' * 60!r})\n")
    opened = Terminal(tmp_path, "run", "it.py")
    try:
        shown = opened.read_to("└── f.*\n")
    finally:
        opened.close()
    assert "track 0: MainThread\r\n└── <module>()" in shown
    assert re.search(r"└── f\(text=.* (µs|ns|ms)\r\n$", shown)


def test_file_is_run_by_ipython(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text("import sys\nprint(sys.argv, scope)")
    done = command("it.py", "one", cwd=tmp_path, env=environment(IPYTHONDIR=str(tmp_path)))
    assert done.stdout.startswith(f"['{tmp_path}/it.py', 'one'] <Scope: not recording")


def test_version() -> None:
    assert command("--version").stdout == f"scope-repl {version('scope-repl')}\n"


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help(word: str) -> None:
    text = command(word, env=environment(COLUMNS="80")).stdout
    for part in ("scope-repl run [options] SCRIPT", "install", "--help-all", "%%scope_trace", 'scope.at("50%")'):
        assert part in text
    assert max(map(len, text.splitlines())) < 80


@pytest.mark.parametrize("name", ["run", "install"])
def test_help_of_commands(name: str) -> None:
    done = command(name, "--help", env=environment(COLUMNS="80"))
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: scope-repl {name} ")
    assert max(map(len, done.stdout.splitlines())) < 80


def test_help_all_is_ipythons() -> None:
    assert "--TerminalIPythonApp" in command("--help-all").stdout
