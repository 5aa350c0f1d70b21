import functools
import math
import operator

class Thing:
    def method(self):
        return self.kept
    @classmethod
    def make(cls):
        return cls()
    @staticmethod
    def plain():
        return 1
    kept = 5

def twice(function):
    return lambda x: function(function(x))

def run():
    module = math
    function = twice
    function = module.sqrt
    function = twice(function)
    thing = Thing()
    method = thing.method
    thing.kept = [1]
    made = Thing.make
    thing = made()
    unbound = Thing.method
    items = []
    push = items.append
    push(1)
    push(2)
    getter = operator.itemgetter(0)
    code = run.__code__
    generator = (n for n in items)
    first = next(generator)
    kind = type(thing)
    table = {"f": function, len: "len", Thing: push}
    push = table[Thing]
    push(3)
    return function(16), method(), items, getter(items), first, kind.__name__

log.append(run())
