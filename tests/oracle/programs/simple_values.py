def run():
    nothing = None
    truth = True
    truth = 1
    truth = 1.0
    truth = 1 + 0j
    number = 0
    number = False
    span = range(10)
    span = span[2:8:3]
    cut = slice(1, None)
    cut = slice([1], "a", None)
    cut.start.append(2)
    dots = ...
    missing = NotImplemented
    raw = b"bytes"
    raw = raw.replace(b"b", b"d")
    empty = ()
    single = (1,)
    zero = frozenset()
    kind = int
    kind = bool
    one_and_true = [1, True, 1.0]
    one_and_true[0], one_and_true[1] = True, 1
    return nothing, truth, number, span, raw, empty, single, kind, one_and_true

log.append(run())
