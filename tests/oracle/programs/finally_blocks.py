def steps(n, trace):
    value = "start"
    try:
        value = "try"
        if n == 0:
            return value, trace.append("returning")
        if n == 1:
            raise ValueError(n)
        value = "not left"
    except ValueError as error:
        value = str(error)
        trace.append(value)
    else:
        value = "else"
    finally:
        trace.append(value)
        last = len(trace)
        if n == 3:
            return "from finally", last
    return value, last

def loop(trace):
    for n in range(4):
        try:
            if n == 1:
                continue
            if n == 3:
                break
        finally:
            trace.append(n)
    return n

trace = []
log.append([steps(n, trace) for n in range(4)])
log.append((loop(trace), trace))
