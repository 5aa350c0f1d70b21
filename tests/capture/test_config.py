from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scope_repl import config, record
from scope_repl.config import Options, parse_size
from scope_repl.errors import OptionError


def test_defaults() -> None:
    options = Options.of()
    assert options == Options("plan", False, (), (), True, None, 256 * 1024**2, "drop-oldest", ())


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"level": "plan"}, "level='plan': this version of Scope has 'off', 'calls', 'values', 'lines'"),
        ({"level": 2}, "level=2"),
        ({"all": 1}, "True or False"),
        ({"c_calls": "no"}, "True or False"),
        ({"include": 3}, "give a glob"),
        ({"include": ["a", None]}, "include=None: a glob is text"),
        ({"exclude": [""]}, "a glob is text"),
        ({"exclude": "a\0b"}, "a glob is text"),
        ({"max_depth": 0}, "from 1 on, or None"),
        ({"max_depth": True}, "from 1 on, or None"),
        ({"max_depth": 2.5}, "from 1 on, or None"),
        ({"max_depth": 2**31}, "from 1 on, or None"),
        ({"buffer": 65535}, "two chunks, which is 65536 bytes"),
        ({"buffer": "1KB"}, "buffer='1KB': too small"),
        ({"buffer": -1}, "too small"),
        ({"buffer": "some"}, "'256MB' or '64 KiB'"),
        ({"buffer": None}, "'256MB' or '64 KiB'"),
        ({"buffer": True}, "'256MB' or '64 KiB'"),
        ({"buffer": "9999TB"}, "larger than this machine's memory"),
        ({"overflow": "spill"}, "'drop-oldest', 'drop-newest'"),
        ({"watch": "a b"}, "watch='a b': a name is such as 'cart'"),
    ],
)
def test_what_cannot_be_used_is_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(OptionError) as caught:
        record(**settings)
    assert said in str(caught.value)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (65536, 65536),
        ("65536", 65536),
        ("64K", 65536),
        ("64kb", 65536),
        ("64 KiB", 65536),
        (" 1.5 MB ", 1536 * 1024),
        ("2GiB", 2 * 1024**3),
        ("1t", 1024**4),
        ("12 B", 12),
    ],
)
def test_sizes(size: str | int, expected: int) -> None:
    assert parse_size(size) == expected


@given(st.text())
def test_any_text_is_a_size_or_refused(text: str) -> None:
    with contextlib.suppress(OptionError):
        assert parse_size(text) >= 0


def test_one_glob_or_several() -> None:
    assert Options.of(include="pandas").include == ("pandas",)
    assert Options.of(include=(name for name in ("a", "b"))).include == ("a", "b")


def test_memory_that_the_system_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(config.os, "sysconf")
    assert config.physical_memory() == 0
    assert Options.of(buffer="9999TB").buffer_bytes == 9999 * 1024**4
