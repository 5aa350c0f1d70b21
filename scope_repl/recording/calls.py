from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scope_repl.recording.cells import Cells
from scope_repl.recording.codes import Codes
from scope_repl.recording.tables import Tables
from scope_repl.schema import CALL_COLUMNS, CallKind, Outcome

_OUTCOMES = pd.Index([outcome.name.lower() for outcome in Outcome], dtype=object)
_KINDS = pd.Index([kind.name.lower() for kind in CallKind], dtype=object)


def _read_only(column: NDArray[Any]) -> NDArray[Any]:
    column.flags.writeable = False
    return column


def calls_frame(tables: Tables, codes: Codes, cells: Cells) -> pd.DataFrame:
    """The calls as a DataFrame with the columns of ``schema.CALL_COLUMNS``; what is in the tables is not copied."""
    calls = tables.calls
    number = calls["code"]
    columns = {
        "start_ns": calls["start"],
        "end_ns": calls["end"],
        "duration_ns": _read_only(calls["end"] - calls["start"]),
        "self_ns": calls["self"],
        "parent": calls["parent"],
        "depth": calls["depth"],
        "track": calls["track"],
        "name": codes.names.column(number),
        "module": codes.modules.column(number),
        "file": codes.files.column(number),
        "line": _read_only(codes.first_lines[number]),
        "kind": pd.Categorical.from_codes(codes.kinds[number], categories=_KINDS, validate=False),
        "outcome": pd.Categorical.from_codes(calls["outcome"].view(np.int8), categories=_OUTCOMES, validate=False),
        "start_known": calls["seen"].view(np.bool_),
        "cell": _read_only(cells.at(calls["start"])),
    }
    return pd.DataFrame({column.name: columns[column.name] for column in CALL_COLUMNS}, copy=False)
