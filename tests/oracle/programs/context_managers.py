from contextlib import ExitStack, contextmanager, suppress

@contextmanager
def section(name, trace):
    trace.append(("begin", name))
    depth = len(trace)
    try:
        yield trace
    except KeyError as error:
        trace.append(error.args[0])
    finally:
        trace.append(("end", name, depth))

def run():
    trace = []
    with section("a", trace) as inner:
        inner.append(1)
        with section("b", inner):
            inner[0] = "changed"
            raise KeyError("lost")
        inner.append(2)
    with ExitStack() as stack:
        for name in "cd":
            stack.enter_context(section(name, trace))
        stack.callback(trace.append, "callback")
    with suppress(ZeroDivisionError):
        trace.append(1 / 0)
    return trace

log.append(run())
