"""The language of conditions: what it accepts, what it says of plain values, and of such as were not kept whole."""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scope_repl.errors import ExpressionError, UnknownValue
from scope_repl.query.expressions import FAILURES, parse, parse_list
from scope_repl.recording.captured import CapturedArray, CapturedDerived, CapturedObject, Description, TypeName
from scope_repl.recording.containers import CapturedDict, CapturedList, CapturedSet
from scope_repl.recording.cut import Cut, CutInt, CutText, Redacted


def value(text: str, **variables: Any) -> Any:
    return parse(text).value(_lookup(variables))


def holds(text: str, **variables: Any) -> bool:
    return parse(text).holds(_lookup(variables))


def _lookup(variables: Mapping[str, Any]) -> Any:
    def lookup(name: str) -> Any:
        if name not in variables:
            raise NameError(name)
        found = variables[name]
        if found is UNKNOWN:
            raise UnknownValue(name, "it was not captured")
        return found

    return lookup


UNKNOWN = object()
NAMES = ("x", "y", "items")
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.integers(-3, 3), st.floats(), st.text("ab", max_size=3)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner, inner),
        st.dictionaries(st.one_of(st.integers(0, 2), st.text("ab", max_size=1)), inner, max_size=3),
        st.sets(st.integers(0, 4), max_size=3),
    ),
    max_leaves=6,
)


SIGNS = (*["+", "-", "*", "/", "//", "%", "&", "|", "^", "<", "<=", ">", ">=", "==", "!=", "in", "and", "or"], "not in")
FUNCTIONS = ("len", "min", "max", "sum", "abs", "any", "all", "sorted")
TYPES = ("int", "str", "list", "(int, str)", "float", "object")
LEAVES = (*NAMES, "0", "1", "2.5", "'a'", "None", "True", "(1, 'a')")


@st.composite
def texts(draw: st.DrawFn, depth: int = 4) -> str:
    """A text of the language."""
    form = draw(st.integers(0, 11)) if depth else 0

    def part() -> str:
        return draw(texts(depth - 1))

    match form:
        case 1:
            return f"({draw(st.sampled_from(['-', '+', 'not ', '~']))}{part()})"
        case 2:
            return f"{part()}[{part()}]"
        case 3:
            return f"({part()} if {part()} else {part()})"
        case 4:
            return f"({part()} < {part()} <= {part()})"
        case 5:
            return f"{draw(st.sampled_from(FUNCTIONS))}({part()})"
        case 6:
            return f"isinstance({part()}, {draw(st.sampled_from(TYPES))})"
        case 7:
            return f"({part()} is {draw(st.sampled_from(['', 'not ']))}None)"
        case 8:
            return f"[{part()}, {part()}]"
        case 9:
            return f"{part()}[{part()}:]"
        case 10 | 11:
            return f"({part()} {draw(st.sampled_from(SIGNS))} {part()})"
    return draw(st.sampled_from(LEAVES))


def _of_python(text: str, variables: dict[str, Any], known: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return known(eval(text, {}, variables))
        except FAILURES as error:
            return type(error)


def _of_scope(evaluate: Any) -> Any:
    try:
        return evaluate()
    except FAILURES as error:
        return type(error)


@settings(max_examples=600, deadline=None)
@given(texts(), VALUES, VALUES, VALUES)
@example("x in items", [1], None, {1: 2})
@example("sorted(items)", 0, 0, [2, 1.5, True])
@example("x == y", [[1], {2: (3,)}], [[1.0], {2: (3,)}], None)
@example("~x", True, 0, 0)
def test_plain_values_give_what_python_gives(text: str, x: Any, y: Any, items: Any) -> None:
    variables = {"x": x, "y": y, "items": items}
    mine = _of_scope(lambda: parse(text).value(_lookup(variables)))
    theirs = _of_python(text, dict(variables), lambda result: result)
    formats = "%" in text and isinstance(mine, type)  # formatting is no part of the language
    assert repr(mine) == repr(theirs) or formats, text
    truth = _of_scope(lambda: parse(text).holds(_lookup(variables)))
    assert truth == _of_python(text, dict(variables), bool) or formats, text


@settings(max_examples=300, deadline=None)
@given(texts(), VALUES, VALUES, VALUES, st.sets(st.sampled_from(NAMES), min_size=1))
def test_what_is_said_without_a_value_is_true_whatever_it_is(
    text: str, x: Any, y: Any, items: Any, hidden: set[str]
) -> None:
    variables = {"x": x, "y": y, "items": items}
    try:
        answer = holds(text, **(variables | dict.fromkeys(hidden, UNKNOWN)))
    except UnknownValue:
        return
    except FAILURES:
        return
    truth = _of_python(text, variables, bool)
    assert answer == truth or isinstance(truth, type), (
        text
    )  # where Python fails, it holds no more than where it is false
    assert not (answer and isinstance(truth, type)) or "or" in text, text


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("x := 5", 3, "invalid syntax"),
        ("(x := 5)", 2, "an assignment (:=)"),
        ("x > 5 and lambda: 1", 11, "invalid syntax"),
        ("x.append(3)", 1, "a call of a method"),
        ("open('f')", 1, "a call of 'open'"),
        ("__import__('os')", 1, "a call of '__import__'"),
        ("x.__class__", 1, "'__class__'"),
        ("[a for a in x]", 1, "a comprehension"),
        ("any(a > 5 for a in x)", 4, "a generator expression"),
        ("x > 1 and f'{y}'", 11, "an f-string"),
        ("sorted(x, reverse=True)", 1, "a keyword argument of sorted"),
        ("len(x, y)", 1, "len takes 1 arguments"),
        ("isinstance(x)", 1, "isinstance takes 2"),
        ("isinstance(x, 5)", 15, "goes by the type's name"),
        ("{1: 2}", 1, "a dict"),
        ("x @ y", 1, "the operator @"),
        ("(*x, 1)", 2, "unpacking"),
        ("x = 5", 3, "no expression of Python"),
        ("...", 1, "..."),
        ("", 0, "it is empty"),
        ("  ", 0, "it is empty"),
        ("x > ", 0, "no expression of Python"),
        ("x > \0", 0, "null"),
        ("not " * 300 + "x", 197, "nested too deep"),
        ("(" * 300 + "x" + ")" * 300, 0, "too many nested parentheses"),
        ("x" * 10_001, 0, "longer than 10,000"),
        ("'ä' + open('f')", 7, "a call of 'open'"),
    ],
)
def test_what_is_not_of_the_language(text: str, column: int, said: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert said in str(caught.value)
    if column:
        assert caught.value.column == column, caught.value


def test_what_is_no_text() -> None:
    with pytest.raises(ExpressionError, match="'5': it is no text"):
        parse(5)  # type: ignore[arg-type]


def test_names() -> None:
    expression = parse("x > 5 and (len(queue) > y or self.z) and x < 9 and isinstance(w, Order)")
    assert expression.names == ("x", "queue", "y", "self", "w")


def test_lists() -> None:
    assert [one.text for one in parse_list("x, total")] == ["x", "total"]
    assert [one.text for one in parse_list(" (x, total) ")] == ["(x, total)"]
    assert [one.text for one in parse_list("(x), y.z[0]")] == ["x", "y.z[0]"]
    assert [one.text for one in parse_list("x,")] == ["x"]
    assert [one.text for one in parse_list("(x, y), (1,)")] == ["(x, y)", "(1,)"]
    assert [one.text for one in parse_list("((x, y),)")] == ["((x, y),)"]
    assert [one.text for one in parse_list("len(x)")] == ["len(x)"]


def _instance(kind: type[CapturedObject], name: str, address: int, *rest: Any) -> CapturedObject:
    return kind(Description(TypeName("shop", name), address, *rest), address)


OBJECT = _instance(CapturedObject, "Order", 0x10, 2, {"price": 5, "key": Redacted()})
PART = _instance(CapturedObject, "Order", 0x20, 3, {"price": 5})
MEMBER = _instance(CapturedObject, "Color", 0x30, 2, {"_name_": "RED", "_value_": 1})
NUMBER = _instance(CapturedDerived, "Level", 0x40, 2, {"_name_": "HIGH", "_value_": 3}, 3)
LONG_LIST = CapturedList([1, 2, 3], 0x50, 100)
LONG_DICT = CapturedDict([("a", 1)], 0x60, 50)
LONG_SET = CapturedSet([1, 2], 0x70, 50)
LONG_TEXT = CutText("abc", 1000)
LONG_INT = CutInt(5, 1000)
ARRAY = CapturedArray(TypeName("numpy", "ndarray"), 0x80, "int64", (100,), (1, 2))
KNOWN = {
    "o": OBJECT,
    "p": PART,
    "m": MEMBER,
    "n": NUMBER,
    "l": LONG_LIST,
    "d": LONG_DICT,
    "s": LONG_SET,
    "t": LONG_TEXT,
    "i": LONG_INT,
    "a": ARRAY,
    "cut": Cut(),
    "secret": Redacted(),
    "when": datetime.datetime(2024, 2, 3, 4),
    "u": UNKNOWN,
    "yes": True,
    "no": False,
}
HOLDING = """
o.price == 5; p.price + 1 == 6; m.name == 'RED'; m.value == 1; m == m; n == 3; n > 2; n + 1 == 4; n in (1, 3)
l[1] == 2; len(l) == 100; 2 in l; l; l[:2] == [1, 2]; any(l); l != [1, 2]; no in l or 1 in l; min(l[:2]) == 1; l is l
d['a'] == 1; len(d) == 50; 'a' in d; d; 1 in s
len(t) == 1000; t != 'xyz'; t != 'b' * 1000; t > 'aa'; 'bc' in t; t[1] == 'b'; t
i > 10**9; i != 5; i; -i < 0 or yes; isinstance(i, int)
len(a) == 100; a[1] == 2; a.shape == (100,); a.dtype == 'int64'; isinstance(a, ndarray)
when.year == 2024; o is o; o is not p; o is not None; [o] == [o]; o in [p, o]; 3 > n - 1 > 1
isinstance(o, Order); isinstance(o, shop.Order); isinstance(o, 'shop.Order'); isinstance(n, int); isinstance(l, list)
isinstance(o, object); not isinstance(o, int)
yes or u; u or yes; not (no and u); not (u and no)
"""
NOT_KNOWN = """
secret == 1; cut; o.key == 1; o.total > 1; p.name == 1; o == p; o == 5; o; not o; o < p; o + 1; len(o); o[0]; 5 in o
l[50]; 5 in l; l == l[:3] * 2 or u; sum(l); max(l); sorted(l); all(l); d['b']; 'b' in d; 5 in s; l[0] is l[1]
t == 'abc' * 333 + 'a'; t < 'abcd'; t + 'x'; t[50]; 'x' in t; i == i; i + 1
a == 5; a > 5; a[50]; sum(a); a; m; isinstance(o, Base); isinstance(o, (str, Base))
u and yes; u or no; u > 5; len(u); u and 1 / 0; when.strftime; 1 if u else 1
"""


def _each(texts: str) -> list[str]:
    return [text.strip() for line in texts.strip().splitlines() for text in line.split(";")]


@pytest.mark.parametrize("text", _each(HOLDING))
def test_what_holds_of_what_was_captured(text: str) -> None:
    assert holds(text, **KNOWN)


@pytest.mark.parametrize("text", _each(NOT_KNOWN))
def test_what_is_not_known_of_it(text: str) -> None:
    with pytest.raises(UnknownValue):
        holds(text, **KNOWN)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("missing", NameError),
        ("l + 1 > 0", UnknownValue),
        ("len(5)", TypeError),
        ("'a' + 1", TypeError),
        ("(1,)[5]", IndexError),
        ("1 / 0", ZeroDivisionError),
        ("9 ** 9 ** 9", OverflowError),
        ("'a' * 10 ** 12", OverflowError),
        ("1 << 10 ** 12", OverflowError),
        ("'%1000000000d' % 5", TypeError),
        ("yes.missing", AttributeError),
        ("t[5000]", IndexError),
        ("[] in s", TypeError),
        ("a.shape[3]", IndexError),
    ],
)
def test_what_fails(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        value(text, **KNOWN)
