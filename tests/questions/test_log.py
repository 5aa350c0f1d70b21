"""What a print on a line would have printed, against what it did print."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest
from inspecting.modules import load

from questions.asked import SHOP, line_of, recorded
from scope_repl import Recording
from scope_repl.errors import ExpressionError, OptionError, UnknownValue
from scope_repl.query.certainty import Missing


@pytest.mark.parametrize(
    ("text", "expressions"),
    [
        ("total += cost", "item, cost, total"),
        ("queue.append(item)", "total, queue, best"),
        ("if len(queue) > 2:", "len(queue), queue, total > 10 and best"),
        ("return self.balance", "self.balance, self.log, amount"),
        ("found.append(square)", "square, found, (square, len(found))"),
        ("yield i * i", "i"),
        ("for item in items:", "total, items[0], sum(account.log)"),
    ],
)
def test_what_was_printed(rec: Recording, tmp_path: Path, text: str, expressions: str) -> None:
    line = line_of(text)
    lines = SHOP.splitlines()
    indent = len(lines[line - 1]) - len(lines[line - 1].lstrip())
    if text.startswith("for "):  # it is about to run once more for each item
        lines[line - 1] = f"{' ' * indent}for item in (print({expressions}) or one for one in [*items, None]):"
        lines[line] = f"{' ' * indent}    if item is None: break\n{lines[line]}"
    else:
        lines.insert(line - 1, f"{' ' * indent}print({expressions})")
    printing = load(tmp_path / "printing.py", "\n".join(lines))
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        printing.main()
    printed = rec.log(f"shop.py:{line}", expressions)
    assert printed.text == out.getvalue().removesuffix("\n")
    assert str(printed) == printed.text


def test_the_table(rec: Recording) -> None:
    line = line_of("total += cost")
    printed = rec.log(f"shop.py:{line}", "item, cost, total > 10")
    assert len(printed) == 4
    assert printed[1] == ("paper", 10, False)
    assert printed[-1] == ("glue", 8, True)
    assert len(printed[1:3]) == 2
    table = printed.table
    assert list(table.columns) == ["time_ns", "function", "span", "track", "item", "cost", "total > 10"]
    assert table["cost"].dtype == np.int64
    assert table["total > 10"].dtype == np.bool_
    assert set(table["function"]) == {"sell"}
    assert "<table" in printed._repr_html_()
    moments = [rec.at(time_ns, unit="ns") for time_ns in table["time_ns"].tolist()]
    assert {moment.frame.line for moment in moments} == {line}


@pytest.mark.parametrize("location", ["sell:{}", "sel*:{}", "shop.py:{}", "{folder}/shop.py:{}"])
def test_places(rec: Recording, location: str) -> None:
    line = line_of("total += cost")
    folder = str(Path(rec.last_write("sell:total").file).parent)
    where = location.replace("{folder}", folder).replace("{}", str(line))
    assert rec.log(where, "cost").text == "6\n10\n6\n8"


def test_what_is_not_there(rec: Recording) -> None:
    printed = rec.log(f"sell:{line_of('best = None')}", "total, best, 1 / total, queue[0]")
    assert printed[0][0] == 0
    assert isinstance(printed[0][1], Missing)
    assert printed.text == (
        "0 <NameError: best was not bound> <ZeroDivisionError: division by zero> "
        "<IndexError: list index 0 out of range: it had 0 items>"
    )


def test_long_ones_are_shown_in_part(tmp_path: Path) -> None:
    rec = recorded(tmp_path, "def f(n):\n    for i in range(n):\n        x = i\n    return x\n", "f", 100)
    shown = repr(rec.log("shop.py:3", "i"))
    assert shown.splitlines()[:2] == ["0", "1"]
    assert shown.splitlines()[-1] == "… 80 more: see .text and .table"


@pytest.mark.parametrize(
    ("location", "expressions", "error", "said"),
    [
        ("pricing.py:12", "x", OptionError, "no lines of a file or function 'pricing.py' were captured; there are"),
        ("shp.py:12", "x", OptionError, "there are shop.py"),
        ("shop.py:9999", "x", OptionError, "no line 9999 of it ran; near it ran"),
        ("shop.py:1", "x", OptionError, "no line 1 of it ran"),
        ("shop.py", "x", OptionError, "give a file and a line"),
        ("shop.py:x", "x", OptionError, "give a file and a line"),
        (":3", "x", OptionError, "give a file and a line"),
        (7, "x", OptionError, "location=7"),
        ("sell:{}", "nothing", UnknownValue, "nothing is not known: no such name was captured there"),
        ("sell:{}", "totl", UnknownValue, "there are total"),
        ("sell:{}", "total.x()", ExpressionError, "a call of a method"),
        ("sell:{}", "", ExpressionError, "it is empty"),
    ],
)
def test_bad_questions(rec: Recording, location: str, expressions: str, error: type[Exception], said: str) -> None:
    where = location.replace("{}", str(line_of("total += cost"))) if isinstance(location, str) else location
    with pytest.raises(error) as caught:
        rec.log(where, expressions)
    assert said in str(caught.value)


def test_files_of_one_name(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "shop.py").write_text("def g():\n    y = 1\n    return y\n")
    text = (
        "import importlib.util\ndef f(path):\n    spec = importlib.util.spec_from_file_location('two', path)\n"
        "    two = importlib.util.module_from_spec(spec)\n    spec.loader.exec_module(two)\n    return two.g()\n"
    )
    rec = recorded(tmp_path, text, "f", str(other / "shop.py"), all=True)
    with pytest.raises(OptionError, match="a line of several files, give more of the path"):
        rec.log("shop.py:3", "y")
    assert rec.log("shop.py:2", "y").text == "<NameError: y was not bound>"
    assert rec.log("other/shop.py:3", "y").text == "1"
    assert rec.log("g:3", "y").text == "1"


def test_without_lines(tmp_path: Path) -> None:
    rec = recorded(tmp_path, level="values")
    with pytest.raises(UnknownValue, match="no function was recorded at level lines"):
        rec.log("shop.py:16", "item")
