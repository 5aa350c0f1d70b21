"""What `make demo` runs: records `demo_program.py` in a real IPython shell and asks about its past.

It writes `demo.html` into the folder in which it was started.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

HERE = Path(__file__).resolve().parent

CELLS = """
%load_ext scope_repl

# A small stock exchange: traders send orders, each market matches them on a thread of its own.
from demo_program import main

%%scope_trace --level lines --exclude demo.py
main()

# What was everybody doing half way through?
scope.at("50%")

# Some orders were rejected. The first one: who sent it, and what was wrong with it?
rejected = scope.last.find("Market.check", outcome="raise").iloc[0]
scope.at(rejected)

# Somebody wants 50 shares, and the first trade for them begins: who sells, and what was the price before?
first = scope.last.find("Market.trade", where={"order": lambda order: order.shares == 50}).iloc[0]
scope.at(first)

# Lines and variables were recorded too. When had a market rejected three orders, and what did its variables hold then?
third = scope.last.when("self.rejected == 3", function="Market.run")
third

# What had changed since the line before?
third.previous_line().diff(third)

# And since the beginning: each value that it had, with the line that wrote it, and what led to the last one?
scope.last.history("Market.run:self.rejected")

scope.last.why("Market.run:self.rejected", before=third)

# All calls are a table. Where did the time go?
scope.calls.groupby("name")[["self_ns"]].sum().nlargest(5, "self_ns")

# And what did it cost to know all that?
print(scope.last.stats)

# All of it as a timeline to click through, in one file that any browser opens.
page = scope.last.to_html("{page}")
print(f"{page}: {page.stat().st_size:,} bytes")
"""


def run() -> int:
    """Run the cells one after the other, as if they were typed.

    Returns:
        The exit status: 1 if a cell failed.
    """
    cells = CELLS.replace("{page}", os.path.abspath("demo.html"), 1)
    os.chdir(HERE)  # what is under the working directory is recorded
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    for cell in cells.strip().split("\n\n"):
        print(as_typed(cell, shell.execution_count))
        if not shell.run_cell(cell, store_history=True).success:
            return 1
        print()
    return 0


def as_typed(cell: str, number: int) -> str:
    """A cell behind the prompts of a terminal."""
    prompt = f"In [{number}]: "
    return prompt + cell.replace("\n", f"\n{'...: ':>{len(prompt)}}")


if __name__ == "__main__":
    sys.exit(run())
