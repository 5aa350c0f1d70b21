from dataclasses import dataclass

@dataclass
class Point:
    x: object
    y: object

def classify(value, seen):
    match value:
        case []:
            kind = "empty"
        case [x, y] if x == y:
            kind = "pair of the same"
        case [first, *rest]:
            rest.append(first)
            kind = ("list", rest)
        case {"name": str(name), **others}:
            others["seen"] = len(seen)
            kind = (name, others)
        case Point(x=0, y=b) | Point(x=b, y=0):
            kind = ("axis", b)
        case Point(x, y) as point:
            point.x = y
            kind = point.x
        case int() | float() as number:
            kind = number
        case _:
            kind = None
    seen.append(kind)
    return kind

seen = []
for value in [[], [1, 1], [1, 2, 3], {"name": "n", "age": 3}, Point(0, 5), Point(6, 0), Point(1, 2), 2.5, "text"]:
    classify(value, seen)
log.append(seen)
