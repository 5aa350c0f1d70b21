import dataclasses
import enum
import typing

@dataclasses.dataclass(order=True)
class Point:
    x: int
    y: int = 0
    def __post_init__(self):
        log.append(self.x)

class Colour(enum.Enum):
    RED = 1
    @property
    def lower(self):
        return self.name.lower()

class Pair(typing.NamedTuple):
    a: int
    b: int = 2
    def total(self):
        return self.a + self.b

log.append(Point(1) < Point(2))
log.append(repr(Point(3)))
log.append([Colour.RED.lower, Colour(1).value, Pair(1).total()])
