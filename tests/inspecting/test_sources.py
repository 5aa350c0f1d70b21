"""The source of a recording: as it was when it ran, or said to be unknown."""

from __future__ import annotations

import codecs
import re
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspecting.modules import SHOP, codes, load, record, write
from scope_repl import Recording
from scope_repl.recording.sources import Sources
from scope_repl.session import scope

pytestmark = pytest.mark.native

VARIETY = """\
from __future__ import annotations
import functools

def traced(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper

@traced
@traced
def decorated(x: int) -> int:
    def nested(y: int = 1, *, z: str = "ü"):
        return (lambda a: a + y)(x)
    return nested()

double = lambda x: x * 2; triple = lambda x: x * 3

class Basket:
    size = [n for n in range(3)]

    @property
    def total(self):
        return sum(
            price
            for price in self.size
        )

    class Inner:
        @staticmethod
        def method(x): return {k: v for k, v in [(x, x)]}

async def wait():
    return [x async for x in ticks()]

async def ticks():
    yield 1

def main():
    decorated(1), double(2), triple(3), Basket().total, Basket.Inner.method(1)
    try:
        wait().send(None)
    except StopIteration:
        pass
    if False: nothing = "日本語"  \\

    return [n for n in (1, 2)]
"""


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    scope.forget()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "shop.py"


def sources(recording: Recording) -> Sources:
    return recording.contents.sources


ENCODINGS = {
    "utf-8": VARIETY.encode(),
    "byte order mark": codecs.BOM_UTF8 + VARIETY.encode(),
    "crlf": VARIETY.replace("\n", "\r\n").encode(),
    "cr": VARIETY.replace("\n", "\r").encode(),
    "tabs": VARIETY.replace("    ", "\t").encode(),
    "declared": b"# coding: latin-1\n" + VARIETY.replace("日本語", "ÿ").encode("latin-1"),
    "long line": VARIETY.encode() + b"x = '" + b"a" * 500_000 + b"'\n",
    "warnings": VARIETY.encode() + b"def odd(x): return x is 'd' or '\\d'\n",
}


@pytest.mark.parametrize("text", ENCODINGS.values(), ids=ENCODINGS.keys())
def test_every_function_of_an_unchanged_file_is_confirmed(text: bytes, file: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = load(file, text)
    recording = record(file, module.main)
    found = codes(recording, file)
    expected = {"main", "decorated", "decorated.<locals>.nested", "<lambda>", "Basket.total", "Basket.Inner.method"}
    assert expected | {"wait", "ticks", "traced.<locals>.wrapper"} <= set(found)
    file.write_text("# edited\n")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        standings = {name: str(sources(recording).standing(number)) for name, number in found.items()}
    assert standings == dict.fromkeys(found, "exact")
    assert caught == []


def test_warnings_of_a_file_are_no_errors_in_it(file: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        recording = record(file, load(file, ENCODINGS["warnings"]).main)
        warnings.simplefilter("error")
        filters = list(warnings.filters)
        assert sources(recording).standing(codes(recording, file)["main"]).exact
        assert warnings.filters == filters


def test_filters_of_warnings_that_the_program_adds_meanwhile_stay(file: Path) -> None:
    shop = load(file, SHOP)
    # Its functions do not agree, so that each statement is compiled by itself too.
    write(file, "x = 1\n" * 2000 + "y = x is 'x'\n" + SHOP)
    recording = record(file, shop.order, ["apple"])
    log, number = recording.contents.log, codes(recording, file)["cost"]
    added: list[str] = []
    enough = threading.Event()

    def add() -> None:
        while not enough.is_set():
            added.append(f"mine {len(added)}")
            warnings.filterwarnings("error", message=added[-1])

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        filters = list(warnings.filters)
        adding = threading.Thread(target=add)
        adding.start()
        while len(added) < 20:
            assert not Sources(log, recording.contents.codes).standing(number).exact
        enough.set()
        adding.join()
        found = [message.pattern for _, message, *_ in warnings.filters[: -len(filters)] if message is not None]
        assert found == added[::-1]
        assert warnings.filters[len(found) :] == filters
    assert caught == []


def test_lines_and_blocks(file: Path) -> None:
    shop = load(file, SHOP)
    recording = record(file, shop.order, ["apple"])
    file.write_text("# edited\n" * 50)
    source, cost = sources(recording), codes(recording, file)["cost"]
    assert source.line(cost, 7) == "def cost(item):"
    assert source.line(cost, 0) == source.line(cost, 1000) == ""
    first, lines, standing = source.block(cost, 7, before=1, after=2)
    assert (first, list(lines), standing.exact) == (6, ["", *SHOP.split("\n")[6:9]], True)
    assert source.block(cost, 1, before=5, after=0)[:2] == (1, ("def price(item, count=1):",))
    assert source.block(cost, 19, before=0, after=5)[:2] == (19, ("    return out",))
    assert source.block(cost, 20)[:2] == (0, ())


def test_a_file_edited_between_import_and_recording_is_not_confirmed(file: Path) -> None:
    shop = load(file, SHOP)
    file.write_text("# a line more\n" + SHOP)
    recording = record(file, shop.order, ["apple"])
    source, number = sources(recording), codes(recording, file)["cost"]
    assert str(source.standing(number)).startswith("unknown: the file differs from what ran, or cannot be compared: ")
    assert source.line(number, 7) == ""
    assert source.block(number, 7).lines[0] == "# a line more"


def test_a_file_edited_without_moving_anything_is_not_confirmed(file: Path) -> None:
    shop = load(file, "def price(n):\n    return n + 10\n")
    file.write_text("def price(n):\n    return n * 99\n")
    recording = record(file, shop.price, 3)
    source, number = sources(recording), codes(recording, file)["price"]
    assert str(source.standing(number)) == (
        "unknown: the file was written after this program began: its lines agree with what ran, its words may not"
    )
    assert source.line(number, 2) == ""
    assert source.block(number, 2, 0, 0).lines == ("    return n * 99",)


def test_a_file_written_after_this_process_began_is_not_confirmed(file: Path) -> None:
    file.write_text(SHOP)
    recording = record(file, load(file).order, ["apple"])
    standings = [sources(recording).standing(number).reason for number in codes(recording, file).values()]
    assert [reason.partition(":")[0] for reason in standings] == ["the file was written after this program began"] * 3


def test_a_file_that_nobody_touched_is_confirmed(file: Path) -> None:
    recording = record(file, load(file, SHOP).order, ["apple"])
    assert all(sources(recording).standing(number).exact for number in codes(recording, file).values())


def test_functions_above_an_edit_are_still_confirmed(file: Path) -> None:
    shop = load(file, SHOP)
    write(file, SHOP.replace("return len(item)", "return len(item) + 1"))
    recording = record(file, shop.order, ["apple"])
    confirmed = {name: sources(recording).standing(number).exact for name, number in codes(recording, file).items()}
    assert confirmed == {"price": True, "cost": False, "order": True}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (SHOP + "def (:\n", r"it cannot be compiled \(SyntaxError\)"),
        (SHOP + "\0", r"it cannot be compiled \(\w+\)"),
        (SHOP + "#" * 2**20, "it is longer than 1,048,576 characters"),
    ],
)
def test_what_cannot_be_compared(text: str, reason: str, file: Path) -> None:
    shop = load(file, SHOP)
    file.write_text(text)
    recording = record(file, shop.order, ["apple"])
    standing = sources(recording).standing(codes(recording, file)["cost"])
    assert not standing.exact
    assert re.search(f": {reason}$", str(standing))


def test_a_file_that_is_gone(file: Path) -> None:
    shop = load(file, SHOP)
    file.unlink()
    recording = record(file, shop.order, ["apple"])
    source, number = sources(recording), codes(recording, file)["cost"]
    assert (source.line(number, 7), source.block(number, 7).lines) == ("", ())
    assert str(source.standing(number)) == (
        "unknown: the file could not be read when the recording ended, or was too long to keep"
    )


def test_calls_into_c_and_libraries(file: Path) -> None:
    shop = load(file, "import json\ndef dump(): return len(json.dumps({}, indent=2))\n")
    recording = record(file, shop.dump)
    contents = recording.contents
    reasons = {
        contents.codes[number].name: str(contents.sources.standing(number))
        for number in set(contents.tables.calls["code"].tolist())
    }
    assert reasons["len"] == "unknown: it is a C callable"
    assert reasons["dumps"] == "unknown: the source of calls into libraries is not kept"
