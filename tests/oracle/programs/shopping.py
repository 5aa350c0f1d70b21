catalogue = {"pen": 1.5, "cup": 4.0, "hat": 12.25}

class Line:
    def __init__(self, name, count):
        self.name = name
        self.count = count
    @property
    def price(self):
        return catalogue[self.name] * self.count

class Cart:
    def __init__(self):
        self.lines = []
        self.discount = 0
    def add(self, name, count=1):
        for line in self.lines:
            if line.name == name:
                line.count += count
                return line
        line = Line(name, count)
        self.lines.append(line)
        return line
    def total(self):
        total = 0
        for line in self.lines:
            total += line.price
        if total > 20:
            self.discount = 5
        return total - self.discount

def checkout(cart, receipts):
    total = cart.total()
    receipts.append({"total": total, "lines": [(line.name, line.count) for line in cart.lines]})
    cart.lines.clear()
    return total

receipts = []
cart = Cart()
cart.add("pen", 2)
cart.add("hat").count += 1
cart.add("pen")
checkout(cart, receipts)
cart.add("cup")
checkout(cart, receipts)
log.append(receipts)
