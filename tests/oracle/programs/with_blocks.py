class Manager:
    def __init__(self, name, trace, swallow=False):
        self.name = name
        self.trace = trace
        self.swallow = swallow
    def __enter__(self):
        self.trace.append(("in", self.name))
        return self.trace
    def __exit__(self, kind, error, traceback):
        self.trace.append(("out", self.name, kind and kind.__name__))
        return self.swallow

def run():
    trace = []
    with Manager("a", trace) as one, Manager("b", trace) as two:
        one.append(1)
        same = one is two
    with Manager("c", trace, swallow=True) as one:
        one.append(2)
        one.missing
        one.append("never")
    after = len(one)
    box = {}
    with Manager("d", trace) as box["inside"]:
        box["inside"].append(3)
    return trace, same, after

log.append(run())
