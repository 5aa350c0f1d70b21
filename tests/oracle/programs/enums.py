import enum

class Colour(enum.Enum):
    RED = 1
    GREEN = [2, 3]
    @property
    def lower(self):
        return self.name.lower()

class Level(enum.IntEnum):
    LOW = 1
    HIGH = 5

class Flags(enum.Flag):
    A = enum.auto()
    B = enum.auto()

def run():
    colour = Colour.RED
    name = colour.lower
    colour = Colour([2, 3])
    colour.value.append(4)
    level = Level.LOW
    level += 1
    level = Level.HIGH
    flags = Flags.A
    flags |= Flags.B
    flags &= ~Flags.A
    table = {Colour.RED: 1, Level.LOW: [2]}
    table[Level.LOW].append(flags)
    colour.value.pop()
    return name, level, table[Level.LOW][0]

log.append(run())
