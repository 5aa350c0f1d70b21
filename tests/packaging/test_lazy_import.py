"""`import scope_repl` imports nothing that takes long or may be missing; what is asked for is there all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import environment, python

import scope_repl


def test_nothing_is_imported_before_it_is_asked_for() -> None:
    program = "import sys, typing; before = set(sys.modules); import scope_repl; print(set(sys.modules) - before)"
    assert python("-c", program).stdout == "{'scope_repl'}\n"


def test_all_that_is_promised_is_there() -> None:
    program = "from scope_repl import *; import scope_repl; print(sorted(set(scope_repl.__all__) - set(dir())))"
    assert python("-c", program).stdout == "[]\n"
    assert set(scope_repl.__all__) <= set(dir(scope_repl))


def test_what_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'scope_repl' has no attribute 'recrod'"):
        scope_repl.recrod  # noqa: B018


@pytest.mark.parametrize(
    ("missing", "advice"),
    [
        ("scope_repl._tracer", "Its native modules must be built for this Python, and in "),
        ("scope_repl._reader", "Its native modules must be built for this Python, and in "),
        ("msgpack", "Bring in what is missing: "),
    ],
)
def test_import_error_says_what_to_do(tmp_path: Path, missing: str, advice: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(f"import sys; sys.modules[{missing!r}] = None")
    done = python("-c", "from scope_repl import ScopeError, record", env=environment(PYTHONPATH=str(tmp_path)))
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ImportError: Scope cannot start in Python ")
    assert missing in last
    assert advice in last
    assert "-m pip install" in last
