from __future__ import annotations

from scope_repl.recording.tables import Tables


class Spans:
    """The calls' columns for looking up single rows: memoryviews give plain ints, at a fraction of numpy's cost.

    Args:
        tables: the tables.
    """

    __slots__ = ("code", "end", "entry", "exit", "outcome", "seen", "start", "track")

    def __init__(self, tables: Tables) -> None:
        calls = tables.calls
        self.start = calls["start"].data
        self.end = calls["end"].data
        self.code = calls["code"].data
        self.track = calls["track"].data
        self.outcome = calls["outcome"].data
        self.seen = calls["seen"].data
        self.entry = calls["entry"].data if tables.reader.payloads else None
        self.exit = calls["exit"].data if tables.reader.payloads else None
