import gc

def make(base, slots):
    class Thing(base):
        if slots:
            __slots__ = slots
        def put(self, value):
            if isinstance(self, dict):
                self[value] = value
            elif isinstance(self, list):
                self.append(value)
            else:
                self.first = [value]
            done = True
    return Thing

def run():
    sizes = []
    for n in range(6):
        for base, slots in (object, ()), (dict, ()), (object, ("first", "second")), (list, ("first",)):
            thing = make(base, slots)()
            thing.put(n)
            thing.put(n + 1)
            sizes.append(len(thing) if base is not object else thing.first)
            thing = None
            gc.collect()
    return sizes[-4:]

log.append(run())
