class Node:
    def __init__(self, name):
        self.name = name
        self.links = []

def run():
    ring = [1]
    ring.append(ring)
    ring[1].append(2)
    table = {}
    table["self"] = table
    table["self"]["more"] = [table]
    a, b = Node("a"), Node("b")
    a.links.append(b)
    b.links.append(a)
    a.links[0].links.append(b)
    b.name = "renamed"
    pair = ([], 1)
    pair[0].append(pair)
    ring.remove(2)
    table["more"].append("end")
    del table["self"]
    ring[1] = None
    return len(ring), len(table), a.links[0].name, len(pair[0])

log.append(run())
