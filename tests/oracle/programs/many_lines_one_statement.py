def combine(*parts, **named):
    return [*parts, named]

def step(trace, value):
    trace.append(value)
    return value

def run():
    trace = []
    result = combine(
        step(trace, 1),
        step(
            trace,
            [2],
        ),
        key=step(trace, "k"),
        other=[
            step(trace, n)
            for n in range(2)
        ],
    )
    total = (
        step(trace, 10)
        + step(trace, 20)
        if trace
        else step(trace, "never")
    )
    text = (
        "one"
        f"{step(trace, 'two')}"
    )
    trace[0] = \
        result
    del (
        trace[1],
        result[0],
    )
    return trace, total, text

log.append(run())
