class Point:
    __slots__ = ("x", "y", "_hidden")
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def move(self, dx, dy=0):
        self.x += dx
        self.y += dy
        return self

class Named(Point):
    __slots__ = ("name", "tags")
    def __init__(self, x, y, name):
        super().__init__(x, y)
        self.name = name
        self.tags = []

class Open(Point):
    pass

def run():
    point = Point(1, 2)
    point.move(3)
    point._hidden = [point.x]
    point._hidden.append(point.y)
    del point.y
    named = Named(0, 0, "origin")
    named.tags.append("a")
    named.move(1, 1).tags.append("b")
    free = Open(5, 6)
    free.extra = {"slot": False}
    free.extra["x"] = free.x
    free.x = None
    return point.x, named.tags, free.extra

log.append(run())
