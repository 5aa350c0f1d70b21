"""What is run under the hooks. Each workload has its module, with a function that prepares one pass over it."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass

Pass = Callable[[], object]


@dataclass(frozen=True)
class Workload:
    name: str
    module: str
    events: tuple[str, ...]  # the event sets that it is measured with
    prepare: str = "prepare"
    needs: str = ""  # a package that is not among Scope's own dependencies
    everything: bool = True  # record all code, as the peers do; else what is recorded by default
    only_lines: bool = False  # calls next to nothing

    def load(self) -> Pass:
        prepare: Callable[[], Pass] = getattr(
            importlib.import_module(f"benchmarks.workloads.{self.module}"), self.prepare
        )
        return prepare()


WORKLOADS = {
    workload.name: workload
    for workload in [
        Workload("recursion", "recursion", ("calls", "values", "lines")),
        Workload("methods", "methods", ("calls", "values", "lines", "lines+c")),
        Workload("c-calls", "c_calls", ("calls+c",)),
        Workload(
            "richards", "suite", ("calls", "calls+c", "values", "lines", "lines+c"), "richards", needs="pyperformance"
        ),
        Workload("deltablue", "suite", ("calls", "calls+c", "values"), "deltablue", needs="pyperformance"),
        Workload("chaos", "suite", ("calls", "calls+c", "values"), "chaos", needs="pyperformance"),
        Workload("json-dumps", "suite", ("calls", "calls+c", "values"), "json_dumps", needs="pyperformance"),
        Workload("still-lines", "lines", ("lines",), "still", only_lines=True),
        Workload("local-lines", "lines", ("lines",), "moving", only_lines=True),
        Workload("appends", "lines", ("lines", "lines+c"), "appends", only_lines=True),
        Workload("long-list", "lines", ("lines",), "long_list", only_lines=True),
        Workload("ints", "arguments", ("values",), "ints"),
        Workload("floats", "arguments", ("values",), "floats"),
        Workload("strings", "arguments", ("values",), "strings"),
        Workload("asyncio", "tasks", ("calls", "calls+c")),
        Workload("threads", "threads", ("calls",)),
        Workload("pandas", "frames", ("calls+c", "values+c")),
        Workload("library", "library", ("calls+c", "values+c"), everything=False),
    ]
}
