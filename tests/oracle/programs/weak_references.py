import weakref

class Thing:
    def __init__(self, name):
        self.name = name

def run():
    notes = []
    thing = Thing("one")
    weak = weakref.ref(thing, lambda ref: notes.append("gone"))
    alive = weak() is thing
    table = weakref.WeakValueDictionary()
    table["t"] = thing
    count = len(table)
    thing.name = "renamed"
    del thing
    dead = weak() is None
    left = len(table)
    other = Thing("two")
    keys = weakref.WeakKeyDictionary({other: notes})
    keys[other].append("still here")
    other = None
    return notes, alive, count, dead, left, len(keys)

log.append(run())
