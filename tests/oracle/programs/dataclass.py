from dataclasses import dataclass, field, replace

@dataclass
class Item:
    name: str
    price: float = 1.0
    tags: list = field(default_factory=list)

@dataclass(frozen=True, slots=True)
class Frozen:
    code: int
    inner: tuple = ()

@dataclass(order=True)
class Cart:
    total: float = 0.0
    items: list = field(default_factory=list, compare=False)
    def add(self, item):
        self.items.append(item)
        self.total += item.price

def run():
    pen = Item("pen")
    pen.tags.append("blue")
    cart = Cart()
    cart.add(pen)
    cart.add(Item("cup", 4.5))
    pen.price = 2.0
    frozen = Frozen(1, (pen.tags,))
    other = replace(frozen, code=2)
    pen.tags.append("changed inside the frozen one")
    try:
        frozen.code = 3
    except AttributeError as error:
        name = type(error).__name__
    return cart.total, other.inner, name, cart < Cart(100)

log.append(run())
