"""Arrays and pandas objects: shape, type and a few items, and none of their methods."""

from __future__ import annotations

import array
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
from values.capture import capture

from scope_repl.recording.captured import CapturedArray, CapturedFrame

pytestmark = pytest.mark.native


@pytest.mark.parametrize("dtype", ["?", "b", "B", "h", "H", "i", "I", "l", "L", "q", "Q", "e", "f", "d"])
def test_items_of_every_plain_type(dtype: str) -> None:
    real = np.array([0, 1, 2], dtype)
    captured = capture(real)
    assert isinstance(captured, CapturedArray)
    assert (captured.shape, captured.dtype, captured.items) == ((3,), real.dtype.name, tuple(real.tolist()))
    scalar = capture(real[1])
    assert scalar == 1
    assert scalar.__captured__.type.qualname == type(real[1]).__qualname__


def test_negative_and_large_items() -> None:
    for real in (np.array([-1, -(2**63)]), np.array([2**64 - 1], "u8"), np.array([-(2**7), 127], "i1")):
        assert capture(real).items == tuple(real.tolist())


def test_views_of_arrays() -> None:
    real = np.arange(60).reshape(3, 4, 5)
    for view in (real, real[::-1, 1:3, ::2], real.T, real[1, 2, 3:], real[:0], np.asfortranarray(real), np.array(5)):
        captured = capture(view)
        assert captured.shape == view.shape
        assert captured.items == tuple(view.flatten().tolist()[:8])
        assert captured.complete == (view.size <= 8)
    huge = np.broadcast_to(np.float32(1), (2**20, 2**20))
    assert (capture(huge).shape, capture(huge).items) == (huge.shape, (1.0,) * 8)


@pytest.mark.parametrize(
    ("real", "dtype"),
    [
        (np.array(["2020"], "M8[s]"), "datetime64"),
        (np.array([1], "m8[s]"), "timedelta64"),
        (np.array(["ab"]), "str"),
        (np.array([b"ab"]), "bytes"),
        (np.zeros(1, [("a", int)]), "void"),
        (np.array([1], ">i4"), ">i"),
        (np.array([1j]), "complex128"),
    ],
)
def test_types_without_a_plain_form_keep_their_shape(real: Any, dtype: str) -> None:
    captured = capture(real)
    assert (captured.shape, captured.dtype, captured.items) == ((1,), dtype, ())


def test_objects_in_arrays_are_not_asked() -> None:
    class Item:
        def __repr__(self) -> str:
            raise AssertionError

    captured = capture(np.array([Item(), None, "a"], object))
    assert captured.items[1:] == (None, "a")


def test_other_holders_of_buffers() -> None:
    for real in (array.array("d", [1, 2]), memoryview(b"abc"), memoryview(bytearray(b"abcdef"))[::2]):
        captured = capture(real)
        assert (captured.shape, captured.items) == ((len(real),), tuple(real.tolist()))
    gone = memoryview(b"abc")
    gone.release()
    assert capture(gone).__captured__.type.qualname == "memoryview"


def test_a_buffer_is_not_left_open() -> None:
    growing, numbers = bytearray(b"x"), array.array("d", [1])
    capture([growing, numbers])
    growing.append(1)
    numbers.append(2)


def test_data_frames() -> None:
    frame = pd.DataFrame({"a": range(1000), "b": np.arange(1000.0), "c": "x"})
    captured = capture(frame)
    assert isinstance(captured, CapturedFrame)
    assert (captured.shape, captured.columns) == ((1000, 3), ("a", "b", "c"))
    assert repr(captured) == "<DataFrame 1000 x 3 columns a, b, c>"
    for index in (
        pd.date_range("2020", periods=1000),
        pd.Index(range(0, 2000, 2)),
        pd.Index([f"r{n}" for n in range(1000)]),
    ):
        assert capture(frame.set_index(index)).shape == (1000, 3)
    assert repr(capture(pd.DataFrame(np.zeros((3, 100))))).startswith("<DataFrame 3 x 100 columns 0, 1, 2,")
    assert capture(pd.DataFrame()).shape == (0, 0)


def test_series_and_indexes() -> None:
    assert repr(capture(pd.Series([1, 2]))) == "<Series 2 int64 [1, 2]>"
    assert repr(capture(pd.Index([1.5]))) == "<Index 1 float64 [1.5]>"
    for real in (
        pd.RangeIndex(5, 50, 7),
        pd.RangeIndex(50, 5, -7),
        pd.MultiIndex.from_product([[1], [2, 3]]),
        pd.date_range("2020", periods=4),
        pd.CategoricalIndex(["a", "b"]),
        pd.Series(pd.Categorical(["a"])),
        pd.Series(pd.date_range("2020", periods=4, tz="UTC")),
        pd.Series(pd.period_range("2020", periods=3, freq="D")),
    ):
        captured = capture(real)
        assert captured.shape == (len(real),)
        assert captured.items == ()


def test_a_class_of_ones_own_called_series_is_an_ordinary_one() -> None:
    kind = type("Series", (), {})
    value = kind()
    value._mgr = 5
    assert capture(value)._mgr == 5


def test_dates_of_pandas_are_not_taken_for_less_than_they_are() -> None:
    for whole in (pd.Timestamp("2020-01-02 03:04"), pd.Timestamp("2020", tz="UTC"), pd.Timedelta("1s")):
        assert capture(whole) == whole.to_pydatetime() if isinstance(whole, pd.Timestamp) else whole.to_pytimedelta()
    for more in (pd.Timestamp(1), pd.Timedelta(1), pd.NaT):
        captured = capture(more)
        assert captured.__captured__.content is None


def test_no_reference_to_an_array_is_kept() -> None:
    for real in (np.arange(5), np.array(["2020"], "M8[s]"), np.float64(5), pd.Series([1]), pd.DataFrame({"a": [1]})):
        before = sys.getrefcount(real)
        for _ in range(5):
            capture(real)
        assert sys.getrefcount(real) == before
