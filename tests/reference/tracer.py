"""The reference tracer: what Scope has to record, said in plain Python, to be read and not to be fast."""

from __future__ import annotations

import contextlib
import gc
import sys
import threading
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reference.events import Event
from scope_repl.schema import Kind

if sys.version_info >= (3, 12):
    from reference.monitoring import MonitoringObserver as Observer
else:
    from reference.profiling import ProfilingObserver as Observer

MAIN = "MainThread"


@dataclass(slots=True)
class Trace:
    """The events of a program by the name of the thread in which they happened."""

    threads: dict[str, list[Event]] = field(default_factory=dict)

    def emit(self, event: Event) -> None:
        # Not current_thread(): it would make up a Thread object for a thread that has not registered itself yet.
        thread = threading._active.get(threading.get_ident())  # type: ignore[attr-defined]
        name = thread._name if thread is not None else "?"
        events = self.threads.get(name)
        if events is None:
            events = self.threads[name] = [] if name == MAIN else [Event(Kind.THREAD_START, "")]
        events.append(event)

    def close(self) -> Trace:
        for name, events in self.threads.items():
            if name != MAIN:
                events.append(Event(Kind.THREAD_END, ""))
        return self


@contextlib.contextmanager
def observing(path: Path, *, values: bool, c_calls: bool) -> Iterator[Trace]:
    """Trace the code of one file, in this thread and in threads to come, which have to end before the block does."""
    trace = Trace()
    observer = Observer(lambda code: code.co_filename == str(path), trace.emit, values=values, c_calls=c_calls)
    observer.start()
    try:
        yield trace
    finally:
        observer.stop()
        trace.close()


@dataclass(slots=True)
class Behaviour:
    """What a program did that somebody could notice."""

    log: list[object]
    exception: str


def run(path: Path) -> Behaviour:
    """Run a program's file as a module of its own, from a state that is the same each time."""
    module = types.ModuleType("program")
    module.__dict__.update(__file__=str(path), log=[])
    code = compile(path.read_text(), str(path), "exec")
    sys.modules["program"] = module  # where dataclasses look for it
    exception = ""
    limit = sys.getrecursionlimit()
    gc.collect()
    gc.disable()  # finalisers run where the program says so, not where a collection happens to come
    try:
        exec(code, module.__dict__)
    except BaseException as error:
        exception = repr(error)
    for name in list(module.__dict__):
        if name not in ("log", "__builtins__"):
            del module.__dict__[name]
    del sys.modules["program"]
    gc.collect()
    gc.enable()
    sys.setrecursionlimit(limit)
    return Behaviour(module.log, exception)
