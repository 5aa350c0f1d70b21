class Point:
    __match_args__ = ("x", "y")
    def __init__(self, x, y):
        self.x, self.y = x, y

def describe(value):
    match value:
        case Point(0, y):
            return y
        case [first, *rest] if (n := len(rest)) > 1:
            return n
        case {"key": found}:
            return found
        case str() | int():
            return "scalar"
    return None

log.append([describe(value) for value in (Point(0, 5), Point(1, 1), [1, 2, 3], {"key": 9}, "a", None)])
