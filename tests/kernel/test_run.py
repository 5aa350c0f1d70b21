"""`scope-repl run` beside `python`: the same program, with the recording's report behind it on stderr."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command import COMMAND, TIMEOUT, command, environment, python

REPORT = "\nscope-repl: "

STATE = """
import sys
print(sys.argv, sys.path, __file__, __name__, __package__, __spec__, type(__loader__))
print(sorted(globals()), __builtins__, vars(sys.modules["__main__"]) is globals())
print([name for name in ("numpy", "pandas", "IPython", "rich", "asyncio", "logging") if name in sys.modules])
"""

SAME = {
    "nothing": "",
    "state": STATE,
    "error": "def f():\n    1 / 0\ntry:\n    f()\nexcept ZeroDivisionError as e:\n    raise KeyError(7) from e",
    "context": "try:\n    {}['a']\nexcept KeyError:\n    undefined",
    "group": "raise ExceptionGroup('all', [ValueError(1), TypeError(2)])",
    "note": "e = ValueError(1)\ne.add_note('by the way')\nraise e",
    "syntax": "print('never')\nx = (",
    "indentation": "if True:\nprint('never')",
    "bytes": "# coding: latin-1\nprint('\xe9')",
    "exit": "raise SystemExit",
    "exit number": "import sys; sys.exit(3)",
    "exit large": "import sys; sys.exit(259)",
    "exit text": "import sys; sys.exit('no more')",
    "exit true": "import sys; sys.exit(True)",
    "exit object": "import sys; sys.exit([1])",
    "hook": "import sys, traceback\nsys.excepthook = lambda *error: print(traceback.format_exception(*error))\n1 / 0",
    "thread": "import threading\nt = threading.Thread(target=lambda: 1 / 0, name='t')\nt.start()\nt.join()",
    "late thread": "import threading\nend = threading.Event()\n"
    "threading.Thread(target=lambda: print(end.wait())).start()\nprint('end')\nend.set()",
    "atexit": "import atexit\natexit.register(print, 'at exit')\nprint('end')",
    "atexit fails": "import atexit\natexit.register(lambda: 1 / 0)\nprint('end')",
    "interrupt": "raise KeyboardInterrupt",
    "input": "print(input().upper())",
    "stderr": "import sys\nsys.stderr = open('/dev/null', 'w')\nprint('quiet')",
    "fork": "import os\nis_parent = os.fork() and os.wait()\nprint('parent' if is_parent else 'child', flush=True)",
    "pickle": "import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))) is A, A.__module__)",
    "own main": "import __main__\nprint(__main__.__file__, __main__.__dict__ is globals())",
    "last moments": "class A:\n    def __del__(self): print('gone', __name__)\na = A()",
}


def without_addresses(text: str) -> str:
    return re.sub(r"\b0x[0-9a-f]+", "0x…", text)


@pytest.mark.parametrize("name", SAME)
def test_script_runs_as_in_python(tmp_path: Path, name: str) -> None:
    encoding = "latin-1" if name == "bytes" else "utf-8"
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "it.py").write_text(SAME[name], encoding=encoding)
    words = ["scripts/it.py", "one", "-x", "--level", "--"]
    theirs = python(*words, cwd=tmp_path, input="typed\n")
    ours = command("run", *words, cwd=tmp_path, input="typed\n")
    assert (ours.returncode, ours.stdout) == (theirs.returncode, theirs.stdout)
    stderr, _, report = ours.stderr.partition(REPORT)
    assert without_addresses(stderr) == without_addresses(theirs.stderr)
    assert bool(report) == (name not in ("syntax", "indentation"))


@pytest.mark.parametrize("where", ["link.py", "./scripts/../scripts/it.py"])
def test_script_by_another_name(tmp_path: Path, where: str) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "it.py").write_text(STATE)
    (tmp_path / "link.py").symlink_to("scripts/it.py")
    assert command("run", where, cwd=tmp_path).stdout == python(where, cwd=tmp_path).stdout


def test_safe_path_is_kept(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text(STATE)
    settings = {"cwd": tmp_path, "env": environment(PYTHONSAFEPATH="1")}
    assert command("run", "it.py", **settings).stdout == python("it.py", **settings).stdout


@pytest.mark.parametrize(
    "words", [["-m", "package"], ["-mpackage.inner", "-x", "1"], ["-m", "nowhere"], ["-m", "package.no"]]
)
def test_module_runs_as_in_python(tmp_path: Path, words: list[str]) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("print('the package', __name__)")
    (package / "__main__.py").write_text(
        "import sys\nfrom package import inner\nprint(sys.argv, sys.path, __spec__.name)\n1 / 0"
    )
    (package / "inner.py").write_text("import sys\nprint(__name__, sys.argv, __package__)")
    theirs, ours = python(*words, cwd=tmp_path), command("run", *words, cwd=tmp_path)
    assert (ours.returncode, ours.stdout) == (theirs.returncode, theirs.stdout)
    assert ours.stderr.partition(REPORT)[0] == theirs.stderr


def test_classes_of_the_script_reach_other_processes(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text(
        "import multiprocessing\n"
        "class Number:\n    def __init__(self, n): self.n = n\n"
        "def double(number): return Number(2 * number.n)\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.get_context('spawn').Pool(2) as pool:\n"
        "        print([number.n for number in pool.map(double, [Number(1), Number(2)])])\n"
    )
    done = command("run", "it.py", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "[2, 4]\n")
    assert done.stderr.count(REPORT) == 1


def test_report_shows_all_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text(
        "import atexit, threading\n"
        "def first(x): return x\n"
        "def last(): pass\n"
        "over = threading.Event()\n"
        "def late(): over.wait(); first(3)\n"
        "atexit.register(last)\n"
        "threading.Thread(target=late, name='worker').start()\n"
        "first(1)\n"
        "over.set()\n"
        "1 / 0\n"
    )
    report = command("run", "it.py", cwd=tmp_path).stderr.partition(REPORT)[2]
    first_line, *tree = report.splitlines()
    assert " events in " in first_line
    assert "recording took about" in first_line
    assert first_line.endswith("none dropped")
    assert tree[0] == "track 0: MainThread"
    assert "<module>()" in tree[1]
    assert tree[1].endswith("raised ZeroDivisionError: division by zero")
    assert sum("<module>" in line for line in tree) == 1  # the script's; the command's own is no part of it
    assert "track 1: worker" in tree
    for call in ("first(x=1) → 1", "first(x=3) → 3", "last()"):
        assert any(call in line for line in tree), call


def test_options_stand_before_the_script(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text("import json, sys\ndef f(x): return json.dumps(x)\nf(1)\nprint(sys.argv)")
    words = ["--level=calls", "--include", "json", "--max-depth", "9", "--", "it.py", "--level", "off"]
    done = command("run", *words, cwd=tmp_path)
    assert done.stdout == "['it.py', '--level', 'off']\n"
    assert "JSONEncoder.encode" in done.stderr
    assert "f(" not in done.stderr


def test_modules_beside_a_script_elsewhere_are_recorded(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    project = tmp_path / "a [odd] project"
    (project / "environment").mkdir(parents=True)
    (project / "environment" / "pyvenv.cfg").touch()
    (project / "environment" / "library.py").write_text("def foreign(): return inside()\ndef inside(): pass")
    (project / "package").mkdir()
    (project / "package" / "part.py").write_text("def deep(): pass\ndef near(): deep()")
    (project / "it.py").write_text(
        "import environment.library, package.part\nenvironment.library.foreign()\npackage.part.near()"
    )
    report = command("run", str(project / "it.py"), cwd=tmp_path / "here").stderr
    assert "deep()" in report
    assert "foreign" in report  # a call into a library is one span
    assert "inside" not in report


def test_script_in_a_librarys_folder_is_recorded() -> None:
    done = command("run", "-m", "json.tool", input="[1]")
    assert done.stdout == "[\n    1\n]\n"
    assert "main() → None" in done.stderr


@pytest.mark.parametrize("taken", ["pickle", "pandas", "rich", "inspect"])
def test_modules_beside_the_program_are_no_part_of_the_report(tmp_path: Path, taken: str) -> None:
    (tmp_path / "it.py").write_text("print('hello')")
    (tmp_path / f"{taken}.py").write_text("print('not this one')\nraise SystemExit(9)")
    done = command("run", "it.py", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "hello\n")
    assert REPORT in done.stderr
    assert "Traceback" not in done.stderr


def test_report_that_fails_leaves_the_exit_status(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text("import rich\nraise SystemExit(3)")
    (tmp_path / "rich.py").write_text("")
    done = command("run", "it.py", cwd=tmp_path)
    assert done.returncode == 3
    assert "scope-repl: the recording cannot be shown: ModuleNotFoundError: No module named 'rich." in done.stderr
    assert "Traceback" not in done.stderr


def test_stdout_stays_usable_in_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text("import sys\nsys.stdout.write(sys.stdin.read().upper())")
    line = f"echo shout | {COMMAND} run it.py 2>report | cat"
    assert subprocess.check_output(line, shell=True, text=True, cwd=tmp_path, env=environment()) == "SHOUT\n"
    assert REPORT in (tmp_path / "report").read_text()


def test_reader_that_goes_away(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text("for number in range(100_000): print(number)")
    outcomes = []
    for words in ([sys.executable], [COMMAND, "run", "--no-c-calls"]):
        process = subprocess.Popen(
            [*words, "it.py"],
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "0\n"
        process.stdout.close()
        stderr = process.stderr.read()
        process.stderr.close()
        outcomes.append((process.wait(TIMEOUT), stderr))
    (their_status, theirs), (our_status, ours) = outcomes
    assert our_status == their_status
    before, _, report = ours.partition(REPORT)
    assert theirs.startswith(before)
    assert "<module>" in report


@pytest.mark.parametrize("catches", [False, True])
def test_interrupt_ends_a_program_that_never_ends(tmp_path: Path, catches: bool) -> None:
    body = "try:\n    wait()\nexcept KeyboardInterrupt:\n    print('caught')" if catches else "wait()"
    (tmp_path / "it.py").write_text(
        f"import time\ndef wait():\n    print('waiting', flush=True); time.sleep(600)\n{body}"
    )
    outcomes = []
    for words in ([sys.executable], [COMMAND, "run"]):
        process = subprocess.Popen(
            [*words, "it.py"],
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        os.killpg(process.pid, signal.SIGINT)
        stdout, stderr = process.communicate(timeout=TIMEOUT)
        outcomes.append((process.returncode, stdout, stderr))
    (their_status, their_stdout, theirs), (our_status, our_stdout, ours) = outcomes
    assert (our_status, our_stdout) == (their_status, their_stdout)
    assert their_status == (0 if catches else -signal.SIGINT)
    before, _, report = ours.partition(REPORT)
    place = re.compile("(File .*)\n")  # whether it still printed or slept already is chance
    assert place.findall(before) == place.findall(theirs)
    assert before.splitlines()[-1:] == theirs.splitlines()[-1:]
    assert "wait()" in report
    assert "raised KeyboardInterrupt" in report


def test_program_that_records_itself_is_told_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text("import scope_repl\nwith scope_repl.record():\n    pass")
    done = command("run", "it.py", cwd=tmp_path)
    assert done.returncode == 1
    assert "AlreadyRecording: Scope is recording already" in done.stderr
    assert "`scope-repl run` is recording the whole program already. To let the program record itself" in done.stderr
    assert python("it.py", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere.py"], "there is no file 'nowhere.py' in {here}: name a script by its path, or a module with -m"),
        (["folder"], "'folder' is a folder: name a script in it, or a module with -m"),
        ([], "what is to be run? Give a script, or a module with -m"),
        (["-m"], "argument -m: expected one argument"),
        (["--level", "some", "it.py"], "--level some: this version of Scope has 'off', 'calls', 'values', 'lines'"),
        (["--lines", "it.py"], "unrecognized arguments: --lines"),
    ],
)
def test_mistakes(tmp_path: Path, words: list[str], message: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "it.py").write_text("print('ran')")
    done = command("run", *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(f"{message.format(here=tmp_path)}\n")
    assert "Traceback" not in done.stderr


def test_file_that_cannot_be_reserved_for(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text("print('ran')")
    done = command("run", "--buffer", "1KB", "it.py", cwd=tmp_path)
    assert done.returncode == 2
    assert "--buffer 1KB: too small" in done.stderr


def test_help_names_every_option_of_the_magics() -> None:
    from scope_repl.magics.options import PARSER

    text = command("run", "--help").stdout
    assert "stderr" in text
    for action in PARSER._actions:
        assert action.option_strings[-1] in text
        assert action.dest == "help" or str(action.help).split()[0] in text


def test_without_the_tracer_the_reason_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text("print('ran')")
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['scope_repl._tracer'] = None")
    done = command("run", "it.py", cwd=tmp_path, env=environment(PYTHONPATH=str(tmp_path)))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("scope-repl run: Scope cannot start in Python ")
    assert done.stderr.count("\n") == 1


WATCHED = """
import shop
class Cart:
    def __init__(self):
        self.owner = None
class Bag:
    pass
cart, bag = Cart(), Bag()
bag.cart = cart
shop.make()
print(*("__setattr__" in vars(kind) for kind in (Cart, Bag, shop.Order)))
"""


@pytest.mark.parametrize(
    ("names", "seen"),
    [
        (["Cart"], "True False False"),
        (["__main__:Bag"], "False True False"),
        (["bag.cart", "shop:Order"], "True False True"),
        (["shop.Order"], "False False True"),
    ],
)
def test_names_are_watched_as_soon_as_they_are_there(tmp_path: Path, names: list[str], seen: str) -> None:
    (tmp_path / "shop.py").write_text("class Order:\n    pass\ndef make():\n    return Order()\n")
    (tmp_path / "it.py").write_text(WATCHED)
    done = command("run", *(word for name in names for word in ("--watch", name)), "it.py", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{seen}\n")
    assert "was watched as" not in done.stderr


def test_names_that_never_are_there_are_said(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text("numbers = []\nfor n in range(3):\n    numbers.append(n)\n")
    done = command("run", "--watch", "Card", "--watch=shop:Order", "--watch", "numbers", "it.py", cwd=tmp_path)
    assert done.returncode == 0
    assert "\nscope-repl: nothing was watched as 'Card': it never was there\n" in done.stderr
    assert "nothing was watched as 'shop:Order'" in done.stderr
    assert "numbers is not watched: list is a class made in C" in done.stderr
