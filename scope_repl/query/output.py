from __future__ import annotations

from collections.abc import Sequence
from html import escape

from scope_repl.query.shown import plain
from scope_repl.recording.written import Output as Record

_SHOWN = 10_000
_STYLE = (
    "color: var(--jp-content-font-color1, inherit); font-family: var(--jp-code-font-family, monospace); "
    "font-size: var(--jp-code-font-size, 13px); white-space: pre-wrap; overflow-wrap: anywhere; margin: 0"
)
_STDERR = "background: var(--jp-rendermime-error-background, rgba(255, 0, 0, 0.15))"


class Output:
    """The text that had been put out up to a moment. ``str()`` of it is all of it, in the order of time.

    Attributes:
        records: the pieces, each with time_ns, track, stream and text.
    """

    __slots__ = ("records",)

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = tuple(records)

    @property
    def text(self) -> str:
        """All of it, whatever the stream."""
        return "".join(record.text for record in self.records)

    @property
    def stdout(self) -> str:
        """What was printed."""
        return self._of("stdout")

    @property
    def stderr(self) -> str:
        """What was written to the error stream."""
        return self._of("stderr")

    @property
    def display(self) -> str:
        """The text of what was displayed."""
        return self._of("display")

    @property
    def result(self) -> str:
        """The text of the cells' results, ``Out[n]``."""
        return self._of("result")

    def _of(self, stream: str) -> str:
        return "".join(record.text for record in self.records if record.stream == stream)

    def __len__(self) -> int:
        return sum(len(record.text) for record in self.records)

    def __str__(self) -> str:
        return self.text

    def _shown(self) -> tuple[str, list[Record]]:
        """What is to be said of the beginning that is not shown, and the last pieces."""
        left, shown = _SHOWN, []
        for record in reversed(self.records):
            if left <= 0:
                break
            shown.append(record._replace(text=record.text[-left:]))
            left -= len(record.text)
        hidden = len(self) - sum(len(record.text) for record in shown)
        return f"… {hidden:,} characters before these\n" if hidden else "", shown[::-1]

    def __repr__(self) -> str:
        note, shown = self._shown()
        return f"{note}{''.join(record.text for record in shown)}" or "(nothing had been put out)"

    def _repr_html_(self) -> str:
        note, shown = self._shown()
        pieces = [_piece(record) for record in shown] or ["(nothing had been put out)"]
        return f'<pre style="{_STYLE}">{escape(note)}{"".join(pieces)}</pre>'


def _piece(record: Record) -> str:
    text = escape(plain(record.text, _SHOWN))
    return f'<span style="{_STDERR}">{text}</span>' if record.stream == "stderr" else text
