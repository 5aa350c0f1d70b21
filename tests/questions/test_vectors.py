"""Conditions over columns of numbers, against one evaluation after the other."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from questions.test_expressions import texts
from scope_repl.errors import UnknownValue
from scope_repl.query.expressions import FAILURES, parse
from scope_repl.query.vectors import FAILS, FALSE, LENGTH, OPEN, TRUE, UNBOUND, Column, Vectors
from scope_repl.recording.history import ValueKind

GONE = object()
EDGES = [0, 1, -1, 2**53, 2**53 + 1, 2**62, 2**63 - 1, -(2**63), 0.0, -0.0, 0.5, float("inf"), float("nan"), 2.0**53]
VALUES = st.one_of(
    st.sampled_from(EDGES),
    st.integers(-5, 5),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.booleans(),
    st.sampled_from(["a", "b", ""]),
    st.sampled_from([None, GONE]),
)


def column(values: list[Any], of: str) -> Column:
    kind, bits = np.zeros(len(values), np.uint8), np.zeros(len(values), np.int64)
    numbers = {text: number for number, text in enumerate(dict.fromkeys(v for v in values if isinstance(v, str)))}
    for row, value in enumerate(values):
        match value:
            case _ if value is GONE:
                kind[row] = ValueKind.GONE
            case str() if of == LENGTH:
                kind[row], bits[row] = ValueKind.INT, len(value)
            case _ if of:
                kind[row] = ValueKind.OTHER
            case None:
                kind[row] = ValueKind.NONE
            case bool():
                kind[row], bits[row] = ValueKind.BOOL, value
            case int():
                kind[row], bits[row] = ValueKind.INT, value
            case float():
                kind[row], bits[row] = ValueKind.FLOAT, np.float64(value).view(np.int64)
            case str():
                kind[row], bits[row] = ValueKind.TEXT, numbers[value]
    return Column(kind, bits, numbers)


def one_by_one(text: str, row: dict[str, Any]) -> int:
    def lookup(name: str) -> Any:
        if row[name] is GONE:
            raise NameError(name)
        return row[name]

    try:
        return TRUE if parse(text).holds(lookup) else FALSE
    except NameError:
        return UNBOUND
    except (UnknownValue, *FAILURES):
        return FAILS


@settings(max_examples=500, deadline=None)
@given(texts(), st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=1, max_size=8))
@example("x + y > items", [(2**62, 2**62, 5), (1, 2, 3)])
@example("x * y == items", [(2**40, 2**40, 0), (3, 4, 12)])
@example("x == y", [(2**53 + 1, 2.0**53, 0), (1, 1.0, 0)])
@example("x / y < items", [(1, 0, 5), (1, 3, 0.5)])
@example("x // y == items", [(-7, 2, -4), (5, 0, 0)])
@example("x % y == items", [(-7, 3, 2), (5, 0, 0)])
@example("(-x) > 5", [(-(2**63), 0, 0), (-6, 0, 0)])
@example("min(x, y) == items", [(float("nan"), 1, 1), (1, float("nan"), 1)])
@example("len(x) > 0", [("a", 0, 0), (5, 0, 0), ("", 0, 0)])
@example("(x if y else items) > 1", [(2, True, 0.5), (2**60, False, 0.5)])
@example("x is None", [(None, 0, 0), (0, 0, 0), (GONE, 0, 0)])
@example("x == 'a'", [("a", 0, 0), ("b", 0, 0), (0, 0, 0), (None, 0, 0), (GONE, 0, 0)])
def test_columns_say_what_single_evaluations_say(text: str, rows: list[tuple[Any, Any, Any]]) -> None:
    names = ("x", "y", "items")
    values = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vectors = Vectors(lambda name, of: column(values[name], of), len(rows))
        answers = vectors.truth(parse(text).node).tolist()
    for number, answer in enumerate(answers):
        wanted = one_by_one(text, {name: values[name][number] for name in names})
        if answer == TRUE:
            assert wanted == TRUE, (text, rows[number])
        elif answer == FALSE:  # a side that fails may have been passed over for one that is false
            assert wanted != TRUE, (text, rows[number])
        elif answer != OPEN:
            assert wanted in (UNBOUND, FAILS), (text, rows[number])


def test_plain_numbers_are_not_left_open() -> None:
    rows = {"x": [1, 2, -3, 4], "y": [0.5, 1.5, 2.5, -1.0], "items": [True, False, True, True]}
    for text in (
        "x > 1 and y < 2",
        "x + 1 == 3 or items",
        "not x * 2 > 4",
        "abs(x) >= 2 < y",
        "x in (1, 4)",
        "-x < y / 2",
    ):
        vectors = Vectors(lambda name, of: column(rows[name], of), 4)
        assert OPEN not in vectors.truth(parse(text).node)
