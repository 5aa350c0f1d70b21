"""A first recording with an installed Scope: `python smoke.py`, in an environment that has nothing but the wheel."""

from __future__ import annotations

import sys

import scope_repl


def fibonacci(n: int) -> int:
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


with scope_repl.record() as recording:
    fibonacci(5)

calls = recording.calls
recorded = int((calls["name"] == "fibonacci").sum())
if recorded != 15:
    sys.exit(f"fibonacci(5) makes 15 calls, and {recorded} were recorded")
recording.to_html("smoke.html")
recording.timeline()
print(recording.tree())
