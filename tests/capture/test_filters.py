from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import sysconfig
import textwrap
import threading
from pathlib import Path
from types import MethodType
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scope_repl import _tracer
from scope_repl.capture import filters
from scope_repl.config import Options, Settings

_fnmatch = ctypes.CDLL(None).fnmatch
NAMES = {number: name for name, number in _tracer.LEVELS.items()}


def matches(glob: str, text: str) -> bool:
    """The C library's fnmatch, as the tracer calls it."""
    return _fnmatch(os.fsencode(glob), os.fsencode(text), 0) == 0


def level_of(module: str, file: str, **settings: object) -> str:
    """What the rules decide for code of a module and a file."""
    found = filters.rules(Options.of(**Settings(**settings)))  # type: ignore[typeddict-item]
    for level, by, glob in found.rules:
        if matches(glob, module if by == "module" else file):
            return NAMES[level]
    return NAMES[found.default_level]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


LIBRARY = os.path.join(sysconfig.get_path("stdlib"), "json", "__init__.py")


def test_by_default_the_notebook_and_the_working_directory(here: Path) -> None:
    assert level_of("__main__", "/tmp/ipykernel_1/2.py") == "lines"
    assert level_of("__main__", "<ipython-input-1-0>") == "lines"
    assert level_of("__main__", f"{here}/script.py") == "lines"
    assert level_of("shop", f"{here}/shop.py") == "values"
    assert level_of("shop.cart", f"{here}/src/shop/cart.py") == "values"
    assert level_of("json", LIBRARY) == "off"
    assert level_of("elsewhere", "/elsewhere/module.py") == "off"
    assert level_of("made", "<string>") == "off"
    assert level_of("shop", f"{here}2/shop.py") == "off"


@pytest.mark.parametrize("level", ["calls", "values", "lines", "off"])
def test_a_level_is_for_everything_in_scope(here: Path, level: str) -> None:
    assert level_of("__main__", "<ipython-input-1-0>", level=level) == level
    assert level_of("shop", f"{here}/shop.py", level=level) == level
    assert level_of("json", LIBRARY, level=level, include="json") == level
    assert level_of("json", LIBRARY, level=level, all=True) == level
    assert level_of("__main__", "/x.py", level=level, include="__main__", all=True) == level
    assert level_of("json", LIBRARY, level=level) == "off"


def test_the_plan_without_lines(here: Path) -> None:
    """As it is on Python 3.11 while a debugger holds what lines come through."""
    found = filters.rules(Options.of(), lines="values")
    assert "lines" not in {NAMES[rule.level] for rule in found.rules}


@pytest.mark.parametrize("folder", [".venv/lib/python3.13/site-packages", "env/lib/python3/dist-packages"])
def test_libraries_in_the_working_directory_are_libraries(here: Path, folder: str) -> None:
    assert level_of("pandas", f"{here}/{folder}/pandas/__init__.py") == "off"
    assert level_of("__main__", f"{here}/{folder}/ipykernel_launcher.py") == "off"


def test_this_interpreters_libraries_under_the_working_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert level_of("json", LIBRARY) == "off"
    assert level_of("shop", "/srv/shop.py") == "values"


def test_all_is_everything_but_the_machinery(here: Path) -> None:
    assert level_of("json", LIBRARY, all=True) == "values"
    assert level_of("made", "<string>", all=True) == "values"
    assert level_of("IPython.core.magic", "/x.py", all=True) == "hidden"
    assert level_of("ipykernel.iostream", "/x.py", all=True) == "hidden"
    assert level_of("ipykernels", "/x.py", all=True) == "values"


@pytest.mark.parametrize("module", ["scope_repl", "scope_repl.session", "scope_repl.magics.cell"])
def test_scopes_own_code_never(here: Path, module: str) -> None:
    assert level_of(module, f"{here}/x.py", all=True, include=["*", "*.py"]) == "hidden"
    assert level_of("scope_replica", f"{here}/x.py") == "values"


def test_include(here: Path) -> None:
    assert level_of("__main__", "/lib/site-packages/tool.py", include="__main__") == "lines"
    assert level_of("pandas", "/lib/pandas/__init__.py", include="pandas") == "values"
    assert level_of("pandas.core.frame", "/lib/pandas/core/frame.py", include="pandas") == "values"
    assert level_of("pandasql", "/lib/pandasql.py", include="pandas") == "off"
    assert level_of("pandas.core.frame", "/lib/x.py", include="pandas.c*") == "values"
    assert level_of("x", "/srv/app/x.py", include="/srv/*") == "values"
    assert level_of("x", "/srv/app/x.py", include="x.py") == "values"
    assert level_of("IPython.core.magic", "/x.py", include="IPython") == "values"


def test_exclude_wins(here: Path) -> None:
    assert level_of("shop.cart", f"{here}/shop/cart.py", exclude="shop") == "off"
    assert level_of("shop.cart", f"{here}/shop/cart.py", exclude="shop", include="shop.cart") == "off"
    assert level_of("shop.cart", f"{here}/shop/cart.py", exclude="shop.cart") == "off"
    assert level_of("shop", f"{here}/shop/__init__.py", exclude="shop.cart") == "values"
    assert level_of("json", LIBRARY, exclude="json", all=True) == "off"
    assert level_of("__main__", "/x.py", exclude="__main__") == "off"


def test_file_globs_count_from_the_working_directory(here: Path) -> None:
    (here / "src").mkdir()
    for glob in ("src", "src/"):
        expected = "values" if glob == "src" else "off"  # without a slash it is a module's name
        assert level_of("a.b", f"{here}/src/a/b.py", exclude=glob) == expected
    assert level_of("a", f"{here}/src/a.py", exclude="./src") == "off"
    assert level_of("a", f"{here}/src/a.py", exclude="src/*.py") == "off"
    assert level_of("a", f"{here}/src/a.py", exclude="src/a.py") == "off"
    assert level_of("a", f"{here}/src/a.py", exclude="other/../src/*") == "off"
    assert level_of("a", f"{here}/src/a.py", exclude="*/src/") == "off"
    assert level_of("a", f"{here}/tests/src/a.py", exclude="src/*") == "values"


def test_a_home_directory(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    assert level_of("a", "/home/somebody/a.py", include="~/*") == "values"


def test_a_working_directory_that_looks_like_a_glob(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "a[b]*?\\c"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert level_of("x", f"{folder}/x.py") == "values"
    assert level_of("x", f"{tmp_path}/ab/x.py") == "off"
    assert level_of("x", f"{folder}/x.py", exclude="./x.py") == "off"


def test_a_working_directory_behind_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path / "real")
    monkeypatch.setenv("PWD", f"{tmp_path}/link")
    assert level_of("x", f"{tmp_path}/link/x.py") == "values"
    assert level_of("x", f"{tmp_path}/real/x.py") == "values"
    monkeypatch.setenv("PWD", str(tmp_path))
    assert level_of("x", f"{tmp_path}/link/x.py") == "off"


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@given(TEXT)
def test_an_escaped_text_matches_itself(text: str) -> None:
    assert matches(filters.escape(text), text)


@given(st.text("ab*?[]\\!-", max_size=6), st.text("ab*?[]\\!-", max_size=6))
def test_an_escaped_text_matches_nothing_else(text: str, other: str) -> None:
    assert matches(filters.escape(text), other) == (text == other)


class Marked(threading.Thread):
    """A thread of a class that says it is IPython's."""


def wait(go_on: threading.Event) -> None:
    go_on.wait()


@pytest.mark.parametrize("what", [Marked, wait], ids=["class", "target"])
def test_machinery_threads(monkeypatch: pytest.MonkeyPatch, what: object) -> None:
    go_on = threading.Event()
    plain = threading.Thread(target=wait, args=[go_on])
    plain.start()
    monkeypatch.setattr(what, "__module__", "ipykernel.iostream")
    marked = Marked(target=go_on.wait) if what is Marked else threading.Thread(target=wait, args=[go_on])
    marked.start()
    try:
        found = filters.machinery_threads()  # shells of other tests may have left threads of their own
        assert marked.ident in found
        assert (plain.ident in found) == (what is wait)
    finally:
        go_on.set()
        marked.join()
        plain.join()


class Caller:
    """What it has no attribute for, it makes up."""

    asked: ClassVar[list[str]] = []

    def __getattribute__(self, name: str) -> object:
        type(self).asked.append(name)
        return object.__getattribute__(self, name)

    def __call__(self, go_on: threading.Event) -> None:
        go_on.wait()


class Curious(type):
    @property
    def __module__(cls) -> str:  # type: ignore[override]
        Caller.asked.append("__module__ of a class")
        return "made.up"


class CuriousThread(threading.Thread, metaclass=Curious):
    def __getattribute__(self, name: str) -> object:
        Caller.asked.append(name)
        return super().__getattribute__(name)


def test_no_code_of_the_program_runs_when_its_threads_are_looked_at() -> None:
    go_on = threading.Event()
    threads = [threading.Thread(target=MethodType(Caller(), go_on)), CuriousThread(target=Caller(), args=[go_on])]
    for thread in threads:
        thread.start()
    Caller.asked.clear()
    try:
        filters.machinery_threads()
        assert Caller.asked == []
    finally:
        go_on.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize("module", [7, None])
def test_a_module_that_is_no_name(monkeypatch: pytest.MonkeyPatch, module: object) -> None:
    go_on = threading.Event()
    for what in (Marked, wait):
        monkeypatch.setattr(what, "__module__", module)
    threads = [threading.Thread(target=wait, args=[go_on]), Marked(target=go_on.wait)]
    for thread in threads:
        thread.start()
    try:
        assert not {thread.ident for thread in threads} & set(filters.machinery_threads())
    finally:
        go_on.set()
        for thread in threads:
            thread.join()


PROGRAM = """
    import sys
    sys.path.insert(0, "lib/site-packages")
    import mine, library, scope_repl
    with scope_repl.record({options}) as recording:
        mine.run()
    calls = recording.calls[["name", "kind"]].values
    print(*(f"{{name}}:{{kind}}" for name, kind in calls if name in ("run", "helper", "inner", "len")))
"""


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", "run:python len:c helper:opaque"),
        ("c_calls=False", "run:python helper:opaque"),
        ("all=True", "run:python len:c helper:python inner:python"),
        ("include='library'", "run:python len:c helper:python inner:python"),
        ("exclude='mine'", "run:opaque"),
        ("max_depth=1", ""),
        ("max_depth=2", "run:python"),
        ("level='off'", ""),
    ],
)
def test_a_program(tmp_path: Path, options: str, expected: str) -> None:
    library = tmp_path / "lib" / "site-packages"
    library.mkdir(parents=True)
    (library / "library.py").write_text("def inner(): pass\ndef helper(): inner()\n")
    (tmp_path / "mine.py").write_text("import library\ndef run():\n    len('x')\n    library.helper()\n")
    (tmp_path / "program.py").write_text(textwrap.dedent(PROGRAM.format(options=options)))
    ran = subprocess.run([sys.executable, "program.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert ran.stderr == ""
    assert ran.stdout.strip() == expected
