class Stack(list):
    pushed = 0
    def push(self, item):
        self.append(item)
        self.pushed += 1
        return self

class Name(str):
    pass

class Money(float):
    def __new__(cls, value, unit):
        self = super().__new__(cls, value)
        self.unit = unit
        return self

class Tags(set):
    pass

class Config(dict):
    def __getattr__(self, name):
        return self[name]

class Pair(tuple):
    __slots__ = ()

class Buffer(bytearray):
    pass

def run():
    stack = Stack([1])
    stack.push(2).push([3])
    stack[2].append("inside")
    stack.name = Name("s")
    stack.name.extra = 1
    money = Money(1.5, "eur")
    money.unit = "usd"
    tags = Tags("ab")
    tags.add("c")
    config = Config(depth=1)
    config["items"] = stack
    config.items_of = tags
    config.depth
    pair = Pair([stack, []])
    pair[1].append(1)
    buffer = Buffer(b"x")
    buffer += b"y"
    stack.clear()
    return sorted(tags), len(config), pair, money.unit, bytes(buffer)

log.append(run())
