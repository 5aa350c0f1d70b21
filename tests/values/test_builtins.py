"""Builtin values come back as they were, and what was cut says so."""

from __future__ import annotations

import datetime
import sys
import zoneinfo
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from values.capture import capture

from scope_repl.errors import UnknownValue
from scope_repl.recording.captured import CapturedNamed, CapturedType
from scope_repl.recording.containers import CapturedDict, CapturedList, CapturedSet, CapturedTuple, Container
from scope_repl.recording.cut import Cut, CutBytes, CutInt, CutText, Redacted, Seen

pytestmark = pytest.mark.native

DEPTH, ITEMS, TEXT, INT_BITS = 4, 32, 256, 256

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(2**300), max_value=2**300)
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(st.characters(exclude_categories=()), max_size=300)
    | st.binary(max_size=300)
    | st.datetimes()
    | st.dates()
    | st.times()
    | st.timedeltas()
)
hashable = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.tuples(st.integers(), st.text(max_size=3))
)


def containers(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return (
        st.lists(items, max_size=5)
        | st.lists(st.integers(), min_size=30, max_size=40)
        | st.lists(items, max_size=5).map(tuple)
        | st.dictionaries(hashable, items, max_size=5)
        | st.sets(hashable, max_size=40)
        | st.frozensets(hashable, max_size=5)
    )


values = st.recursive(scalars, containers, max_leaves=20)


def agrees(captured: Any, real: Any, depth: int = 0) -> bool:
    """Whether a captured value says of a real one what it may: all of it, or a part of it with a mark."""
    if isinstance(captured, Cut | Redacted):
        return depth > 0
    if isinstance(captured, CutText):
        return captured.size == len(real) > len(captured.text) and real.startswith(captured.text)
    if isinstance(captured, CutBytes):
        return captured.size == len(real) > len(captured.data) and real.startswith(captured.data)
    if isinstance(captured, CutInt):
        shift = captured.bits - captured.leading.bit_length()
        return captured.bits == real.bit_length() > INT_BITS and abs(captured.leading) == abs(real) >> shift
    if not isinstance(captured, Container):
        return type(captured) is type(real) and bool(captured == real)
    if not isinstance(captured, type(real)) or (captured.size, captured.address) != (len(real), id(real)):
        return False
    if depth >= DEPTH:
        return not captured.kept
    if isinstance(real, dict):
        flat = zip(captured.kept.items(), real.items(), strict=False)
        return all(agrees(kept, item, depth + 1) for pairs in flat for kept, item in zip(*pairs, strict=True))
    if isinstance(real, set | frozenset):
        return all(not is_whole(item) or item in real for item in captured.kept)
    return all(agrees(kept, item, depth + 1) for kept, item in zip(captured.kept, real, strict=False))


def is_whole(captured: Any) -> bool:
    """Whether nothing at all of a value was cut or redacted."""
    if isinstance(captured, CapturedDict):
        return captured.complete and all(is_whole(part) for pair in captured.kept.items() for part in pair)
    if isinstance(captured, Container):
        return captured.complete and all(map(is_whole, captured.kept))
    return not isinstance(captured, Cut | Redacted | CutText | CutBytes | CutInt | Seen)


@settings(max_examples=200, deadline=None)
@given(values)
def test_values_come_back_or_say_what_was_cut(value: Any) -> None:
    captured = capture(value)
    assert agrees(captured, value)
    assert (captured == value) is is_whole(captured)
    assert (value == captured) is is_whole(captured)


@settings(max_examples=100, deadline=None)
@given(values, st.integers(min_value=3, max_value=300))
def test_values_cut_to_a_limit_say_so(value: Any, limit: int) -> None:
    captured = capture(value, limit=limit)
    assert isinstance(captured, Cut) or agrees(captured, value)
    assert (captured == value) is is_whole(captured)


@pytest.mark.parametrize("power", [7, 8, 15, 16, 29, 30, 31, 32, 59, 60, 61, 62, 63, 64, 89, 90, 120, 255])
def test_ints_around_every_boundary(power: int) -> None:
    for offset in (-1, 0, 1):
        for sign in (1, -1):
            value = sign * (2**power + offset)
            captured = capture(value)
            assert type(captured) is int
            assert captured == value


def test_an_int_too_long_keeps_its_size_and_its_leading_bits() -> None:
    captured = capture(-(10**1000))
    assert isinstance(captured, CutInt)
    assert captured.bits == (10**1000).bit_length()
    assert repr(captured) == "<int of 3322 bits, about -1.000e+1000>"


def test_floats_keep_their_bits() -> None:
    assert repr(capture(-0.0)) == "-0.0"
    assert repr(capture(float("nan"))) == "nan"
    assert capture(float("-inf")) == float("-inf")
    assert capture(sys.float_info.min) == sys.float_info.min


@pytest.mark.parametrize(
    "text", ["", "\0", "a\0b", "é", "€", "😀", "\ud800", "\udfff\ud800", "aé€😀\ud800\0", "x" * 31, "x" * 32, "x" * 256]
)
def test_short_text(text: str) -> None:
    captured = capture(text)
    assert type(captured) is str
    assert captured == text


def test_long_text_is_cut_at_characters() -> None:
    for letter in ("x", "é", "€", "😀", "\ud800"):
        captured = capture(letter * 1000)
        assert isinstance(captured, CutText)
        assert (captured.text, captured.size) == (letter * TEXT, 1000)
        assert len(captured) == 1000
        assert captured != letter * 1000
        assert repr(captured).endswith("…' (1000 characters)")


def test_bytes_and_bytearrays() -> None:
    assert capture(b"abc\0") == b"abc\0"
    assert capture(bytearray(b"abc")) == bytearray(b"abc")
    for long in (b"a" * 1000, bytearray(b"a" * 1000)):
        captured = capture(long)
        assert isinstance(captured, CutBytes)
        assert (captured.data, captured.size, captured.kind) == (b"a" * TEXT, 1000, type(long).__name__)


def test_a_cut_list_does_not_pretend() -> None:
    items = list(range(100))
    captured = capture(items)
    assert isinstance(captured, CapturedList)
    assert (len(captured), captured.kept, captured.complete) == (100, items[:ITEMS], False)
    assert captured[31] == 31
    assert captured[-100] == 0
    assert captured[2:5] == [2, 3, 4]
    assert 5 in captured
    assert captured != items[:ITEMS]
    assert items[:ITEMS] != captured
    for reach in (
        lambda: captured[32],
        lambda: captured[-1],
        lambda: captured[20:40],
        lambda: 50 in captured,
        lambda: sum(captured),
        lambda: list(captured),
    ):
        with pytest.raises(UnknownValue, match="of this list's 100 items 32 were captured"):
            reach()
    with pytest.raises(IndexError, match="it had 100 items"):
        captured[100]
    assert repr(captured).endswith("31, … 68 more]")


def test_a_complete_list_behaves_as_the_real_one() -> None:
    captured = capture([1, [2, 3]])
    assert captured == [1, [2, 3]]
    assert [1, [2, 3]] == captured  # noqa: SIM300
    assert captured != [1]
    assert (list(captured), captured[-1], captured[0:1], len(captured)) == ([1, [2, 3]], [2, 3], [1], 2)
    assert repr(captured) == "[1, [2, 3]]"


def test_tuples_sets_and_dicts() -> None:
    assert capture((1, "a", ())) == (1, "a", ())
    assert hash(capture((1, 2))) == hash((1, 2))
    assert repr(capture((1,))) == "(1,)"
    assert capture({1, 2}) == {1, 2}
    assert capture(frozenset({1})) == frozenset({1})
    assert capture({"a": 1, 2: None}) == {"a": 1, 2: None}
    wide = capture({n: n for n in range(100)})
    assert isinstance(wide, CapturedDict)
    assert (len(wide), len(wide.kept), wide[5], wide.get(31)) == (100, ITEMS, 5, 31)
    for reach in (lambda: wide[50], lambda: wide.get(50), lambda: wide.items(), lambda: dict(wide), lambda: 50 in wide):
        with pytest.raises(UnknownValue, match="of this dict's 100 items 32 were captured"):
            reach()
    with pytest.raises(KeyError):
        capture({})["missing"]


def test_a_dict_with_many_deleted_entries_is_not_searched_to_its_end() -> None:
    queue = dict.fromkeys(range(100_000))
    for key in range(99_999):
        del queue[key]
    captured = capture(queue)
    assert (len(captured), captured.kept) == (1, {})
    emptied = set(range(100_000))
    emptied.difference_update(range(99_999))
    assert len(capture(emptied)) == 1


def test_dicts_keep_their_order_after_changes() -> None:
    value = {"a": 1, "b": 2, "c": 3}
    del value["a"]
    value["a"] = 4
    assert list(capture(value).items()) == [("b", 2), ("c", 3), ("a", 4)]


def test_depth_is_bounded() -> None:
    value: list[Any] = []
    for _ in range(1000):
        value = [value]
    captured = capture(value)
    for _ in range(DEPTH):
        assert captured.complete
        captured = captured[0]
    assert (captured.size, captured.kept) == (1, [])


def test_cycles_are_references_by_address() -> None:
    loop: list[Any] = [1]
    loop.append({"back": loop})
    captured = capture(loop)
    seen = captured[1]["back"]
    assert isinstance(seen, Seen)
    assert seen.address == captured.address == id(loop)
    assert captured != loop


def test_aliases_share_an_address() -> None:
    shared = [1]
    captured = capture([shared, shared, [1]])
    assert captured[0].address == captured[1].address != captured[2].address


def test_ranges_slices_and_complex() -> None:
    for value in (range(3), range(10, 0, -3), range(2**100), slice(1, None), slice("a", [1], None), 1.5 - 2j):
        assert capture(value) == value


def test_dates() -> None:
    moment = datetime.datetime(2024, 5, 6, 7, 8, 9, 10)
    zones = [
        datetime.UTC,
        datetime.timezone(datetime.timedelta(hours=-3, minutes=-30), "here"),
        zoneinfo.ZoneInfo("Europe/Paris"),
    ]
    for value in (moment, moment.replace(fold=1), *(moment.replace(tzinfo=zone) for zone in zones)):
        captured = capture(value)
        assert captured == value
        assert (captured.utcoffset(), captured.fold) == (value.utcoffset(), value.fold)
    for other in (moment.date(), moment.time(), moment.timetz(), datetime.timedelta(-1, 2, 3), datetime.time.max):
        assert capture(other) == other


def test_a_zone_of_the_programs_own_is_not_asked() -> None:
    class Zone(datetime.tzinfo):
        def utcoffset(self, _: datetime.datetime | None) -> datetime.timedelta:
            raise AssertionError

    captured = capture(datetime.datetime(2024, 5, 6, tzinfo=Zone()))
    assert captured.__captured__.content == datetime.datetime(2024, 5, 6)
    assert repr(captured.tzinfo).endswith("Zone()")


def test_things_known_by_a_name() -> None:
    def local() -> None: ...

    async def coroutine() -> None: ...

    running = coroutine()
    running.close()
    expected = {
        "function": local,
        "method": [1].append,
        "module": sys,
        "code": local.__code__,
        "generator": (n for n in ()),
        "coroutine": running,
    }
    for value in expected.values():
        assert isinstance(capture(value), CapturedNamed)
    assert capture(local).name == "test_things_known_by_a_name.<locals>.local"
    assert capture(local).module == __name__
    assert capture(len).name == "len"
    assert capture([7].append).bound_to == [7]
    assert capture(sys).name == "sys"
    assert repr(capture(str.join)) == "<method descriptor join>"
    captured = capture(int)
    assert isinstance(captured, CapturedType)
    assert captured == int  # noqa: E721
    assert captured != str  # noqa: E721


def test_iterators_are_not_advanced() -> None:
    iterator = iter([1, 2])
    generator = (n for n in [1, 2])
    capture([iterator, generator, zip(iterator, generator, strict=False)])
    assert (next(iterator), next(generator)) == (1, 1)


def test_containers_are_captured_as_they_were() -> None:
    value: dict[str, Any] = {"items": [1]}
    captured = capture(value)
    value["items"].append(2)
    value.clear()
    assert captured == {"items": [1]}


def test_tuples_of_cut_things_can_be_keys() -> None:
    captured = capture({("x" * 1000, 1): 1, ("x" * 1000, 2): 2, frozenset({b"y" * 1000}): 3})
    assert len(captured.kept) == 3
    assert isinstance(next(iter(captured.kept)), CapturedTuple)
    assert isinstance(capture({1}), CapturedSet)
