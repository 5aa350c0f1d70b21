# needs Python 3.12
type Pairs[T] = list[tuple[T, T]]

def pair[T](left: T, right: T, into: Pairs[T]) -> Pairs[T]:
    into.append((left, right))
    swapped: tuple[T, T] = (right, left)
    into.append(swapped)
    return into

class Box[T]:
    size: int = 0
    def __init__(self, item: T):
        self.item = item
        self.size += 1
    def put[S](self, other: S) -> "Box[S]":
        self.item, old = other, self.item
        return Box(old)

def run():
    pairs = pair(1, [2], [])
    pairs[0][1].append(3)
    box = Box("a")
    old = box.put(pairs)
    box.item.append(old)
    return len(pairs), old.item, old.size

log.append(run())
