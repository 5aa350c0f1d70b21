"""The decoder answers every payload with a value or with DamagedLog."""

from __future__ import annotations

import contextlib

import msgpack
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from values.test_bounds import SAMPLES

from scope_repl import _tracer
from scope_repl.errors import DamagedLog
from scope_repl.recording.values import decode

pytestmark = pytest.mark.native

NAMES = {number: ("m", f"T{number}") for number in range(1, 50)}


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=200))
@example(b"\x91" * 4096)
@example(b"\xc7\x03\x08" * 1000)
@example(b"\xdd\xff\xff\xff\xff")
def test_random_bytes(payload: bytes) -> None:
    with contextlib.suppress(DamagedLog):
        repr(decode(payload, NAMES))


@settings(max_examples=500, deadline=None)
@given(
    st.integers(min_value=0, max_value=40),
    st.lists(st.none() | st.integers() | st.text() | st.binary() | st.lists(st.integers()), max_size=10),
)
def test_every_extension_with_random_content(code: int, content: list[object]) -> None:
    with contextlib.suppress(OverflowError):
        packed = msgpack.packb(msgpack.ExtType(code, msgpack.packb(content, unicode_errors="surrogatepass")))
        with contextlib.suppress(DamagedLog):
            repr(decode(packed, NAMES))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_damaged_payloads(name: str, data: st.DataObject) -> None:
    payload = bytearray(_tracer.encode(SAMPLES[name], False, 300))
    for _ in range(data.draw(st.integers(min_value=1, max_value=3))):
        payload[data.draw(st.integers(min_value=0, max_value=len(payload) - 1))] = data.draw(
            st.integers(min_value=0, max_value=255)
        )
    with contextlib.suppress(DamagedLog):
        repr(decode(payload, NAMES))


def test_a_nest_without_end() -> None:
    payload = b"\xc0"
    for _ in range(100):
        payload = msgpack.packb(msgpack.ExtType(8, b"\x93\x01\x01" + payload))
    with pytest.raises(DamagedLog, match="nested more than"):
        decode(payload, NAMES)


def test_a_type_without_a_name() -> None:
    payload = _tracer.encode(object())
    assert repr(decode(payload, {})) == "?()"
    assert repr(decode(memoryview(payload), lambda number: ("m", f"T{number}"))).startswith("T")
