"""Capturing a value: encoded by the tracer, decoded by the reader."""

from __future__ import annotations

from typing import Any

from scope_repl import _tracer
from scope_repl.recording.values import decode


def capture(value: object, *, limit: int = _tracer.PAYLOAD_MAX) -> Any:
    return decode(_tracer.encode(value, False, limit), _tracer.type_name)
