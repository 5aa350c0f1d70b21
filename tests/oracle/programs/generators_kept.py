def numbers(start, shared):
    current = start
    while True:
        shared.append(current)
        step = yield current
        current += step or 1

def run():
    shared = []
    sources = [numbers(0, shared), numbers(100, shared)]
    first = [next(source) for source in sources]
    shared[0] = "changed while suspended"
    for turn in range(2):
        for source in sources:
            first.append(source.send(turn))
    lazy = (shared.append(n) or n for n in first)
    one = next(lazy)
    shared.append("between")
    two = next(lazy)
    lazy.close()
    sources.clear()
    return first, shared, one, two

log.append(run())
