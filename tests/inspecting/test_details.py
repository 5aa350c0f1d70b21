"""The details of a call, against the recording's tables and the program that ran."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from reading.logs import Event, Script, code, write_log
from reading.scripts import scripts

from inspecting.modules import SHOP, load, record
from scope_repl import Recording
from scope_repl.query.details import details
from scope_repl.schema import CodeFlag, Kind
from scope_repl.session import scope

pytestmark = pytest.mark.native

TAKES = "def take(value): return value\ndef none(): pass\ndef secret(password, n): return n\n"


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    scope.forget()


@given(scripts())
@settings(deadline=None)
def test_they_agree_with_the_table(script: Script) -> None:
    rec = Recording(write_log(script))
    for number, call in enumerate(rec.calls.itertuples()):
        found = details(rec.contents, number)
        assert json.loads(json.dumps(found)) == found
        told = {name: found[name] for name in ("track", "depth", "name", "line", "kind", "start_ns", "end_ns")}
        assert told == {name: getattr(call, name) for name in told}
        assert (found["call"], found["outcome"], found["start_known"]) == (number, call.outcome, call.start_known)
        assert (found["duration_ns"], found["self_ns"]) == (call.duration_ns, call.self_ns)
        assert found["module"] == (call.module if isinstance(call.module, str) else "")
        assert found["file"] == (call.file if isinstance(call.file, str) else "")


def the(rec: Recording, name: str, row: int = 0) -> dict[str, Any]:
    return details(rec.contents, int(rec.find(name).index[row]))


def test_a_call_of_a_program(tmp_path: Path) -> None:
    file = tmp_path / "shop.py"
    shop = load(file, SHOP)
    rec = record(file, shop.order, ["apple", "bad"])
    file.write_text("# edited")
    price = the(rec, "price")
    assert price["arguments"] == [["item", "'apple'", "exact"], ["count", "2", "exact"]]
    assert (price["arguments_standing"], price["result"], price["exception"]) == ("exact", ["10", "exact"], None)
    assert (price["file"], price["line"], price["source"]) == (str(file), 1, "def price(item, count=1):")
    failed = the(rec, "cost", 2)
    assert failed["result"] == [None, "unknown: the call ended by an exception"]
    assert (failed["outcome"], failed["exception"]) == ("raise", "ValueError: no <bad>")
    length = the(rec, "len")
    assert (length["kind"], length["line"], length["source"], length["arguments"]) == ("c", 0, "", [])
    assert length["result"] == [None, length["arguments_standing"]]
    assert length["arguments_standing"] == "unknown: values of calls into libraries and C are not captured"


def test_values_that_were_not_captured(tmp_path: Path) -> None:
    shop = load(tmp_path / "shop.py", SHOP)
    rec = record(tmp_path / "shop.py", shop.order, ["apple"], level="calls")
    price = the(rec, "price")
    reason = "unknown: it is not captured at level calls"
    assert price["arguments_standing"] == reason
    assert price["arguments"] in ([], [["item", "?", reason], ["count", "?", reason]])
    assert price["result"] == [None, reason]


class Slotted:
    __slots__ = ("a",)

    def __init__(self) -> None:
        self.a = 1


DEEP: list[Any] = []
for _ in range(12):
    DEEP = [DEEP]

VALUES = {
    "whole": ([1, "a", {"b": (2.5, None)}], "exact"),
    "text": ("x" * 10_000, "truncated: "),
    "bytes": (b"x" * 10_000, "truncated: "),
    "items": (list(range(10_000)), "truncated: "),
    "inner items": ({"a": [list(range(10_000))]}, "truncated: "),
    "number": (10**5000, "truncated: "),
    "array": (np.arange(1000), "truncated: "),
    "table": (pd.DataFrame({"a": [1]}), "truncated: of a table its shape and column names are captured"),
    "deep": (DEEP, "truncated: "),
    "function": (len, "exact"),
    "surrogate": ("\ud800", "exact"),
}


@pytest.mark.parametrize(("value", "standing"), VALUES.values(), ids=VALUES.keys())
def test_what_was_cut_of_a_value_is_said(value: Any, standing: str, tmp_path: Path) -> None:
    module = load(tmp_path / "shop.py", TAKES)
    rec = record(tmp_path / "shop.py", module.take, value)
    found = the(rec, "take")
    ((name, text, known),) = found["arguments"]
    assert name == "value"
    assert known.startswith(standing)
    assert found["result"] == [text, known]
    assert 0 < len(text) <= 200
    json.dumps(found, ensure_ascii=False).encode()


def test_secrets_and_empty_results(tmp_path: Path) -> None:
    module = load(tmp_path / "shop.py", TAKES)
    rec = record(tmp_path / "shop.py", module.secret, "hunter2", 1)
    found = the(rec, "secret")
    assert found["arguments"] == [
        ["password", "<redacted>", "unknown: redacted, because its name looks like that of a secret"],
        ["n", "1", "exact"],
    ]
    assert "hunter2" not in json.dumps(found)
    found = the(record(tmp_path / "shop.py", module.none), "none")
    assert (found["arguments"], found["arguments_standing"], found["result"]) == ([], "exact", ["None", "exact"])


def test_names_and_texts_from_a_damaged_or_hostile_log() -> None:
    def packed(value: Any) -> bytes:
        data: bytes = msgpack.packb(value, unicode_errors="surrogatepass")
        return data

    names = ("a", "\ud800" + "x" * 9000, "c")
    odd = code("odd\udfff", CodeFlag(0), qualname="odd\udfff" * 500, file="\ud800.py", arguments=names)
    script = Script([Event(10, 0, Kind.CALL, 1, 0, packed(["\ud800<script>", 2]))], {1: odd}, end=100)
    found = details(Recording(write_log(script)).contents, 0)
    json.dumps(found, ensure_ascii=False).encode()
    assert len(json.dumps(found)) < 5000
    assert [entry[2] for entry in found["arguments"]] == [
        "exact",
        "exact",
        "unknown: it was truncated: the values did not fit the log",
    ]
    assert found["arguments_standing"] == "truncated: 2 of 3 arguments were captured"
    assert found["result"] == [None, "unknown: the call had not ended when the recording did"]


def test_there_is_no_such_call() -> None:
    rec = Recording(write_log(Script([Event(10, 0, Kind.CALL, 1)], {1: code("main")}, end=100)))
    for number in (-1, 1):
        with pytest.raises(LookupError, match=f"call={number}: the calls are 0 to 0"):
            details(rec.contents, number)
