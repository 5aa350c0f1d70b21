gone = []

class Watched:
    def __init__(self, name, into):
        self.name = name
        self.into = into
    def __del__(self):
        self.into.append(self.name)
        gone.append(self.name)

def run():
    told = []
    a = Watched("a", told)
    a = Watched("b", told)
    del a
    box = [Watched("c", told), Watched("d", told)]
    box.pop()
    box[0] = None
    held = Watched("e", told)
    held = told
    table = {"f": Watched("f", told)}
    table.clear()
    Watched("g", told)
    last = Watched("h", told)
    return told

log.append(run())
log.append(gone)
