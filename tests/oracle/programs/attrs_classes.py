import attrs

@attrs.define
class Point:
    x: int
    y: int = 0
    tags: list = attrs.Factory(list)

@attrs.frozen
class Fixed:
    name: str
    points: list

@attrs.define(slots=False)
class Open:
    size: int = 1

def run():
    point = Point(1)
    point.x += 1
    point.tags.append("t")
    fixed = Fixed("f", [point])
    fixed.points.append(Point(5, 6))
    fixed.points[0].y = 9
    open_one = Open()
    open_one.size = 3
    open_one.more = fixed
    other = attrs.evolve(point, y=100)
    other.tags.append("shared")
    return attrs.astuple(point), attrs.asdict(other), open_one.size

log.append(run())
