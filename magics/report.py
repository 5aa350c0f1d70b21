"""What the magics show."""

from __future__ import annotations

from IPython.display import display

from scope_repl.query.recording import Recording
from scope_repl.recording.durations import duration_text


def say(text: str) -> None:
    """Show a text of Scope's own."""
    print(text)


def report(recording: Recording) -> None:
    """Show what was recorded, at what cost: one line, and the tree of calls."""
    stats = recording.stats
    line = f"{stats.produced:,} events in {duration_text(stats.duration_ns)}"
    line += f", of which recording took about {duration_text(round(stats.cost_ns))}"
    line += f"; {stats.dropped:,} dropped ({stats.overflow})" if stats.dropped else "; none dropped"
    say(line)
    display(recording.tree())
