class Bag:
    def __init__(self, *items):
        self.items = list(items)
        self.asked = 0
    def __iadd__(self, other):
        self.items.append(other)
        return self
    def __isub__(self, other):
        self.items.remove(other)
        return Bag(*self.items)
    def __setitem__(self, key, value):
        self.items[key] = value
    def __getitem__(self, key):
        self.asked += 1
        return self.items[key]
    def __delitem__(self, key):
        del self.items[key]
    def __contains__(self, item):
        self.asked += 1
        return item in self.items
    def __bool__(self):
        self.asked += 100
        return bool(self.items)
    def __call__(self, **more):
        self.__dict__.update(more)

def run():
    bag = Bag(1, 2)
    same = bag
    bag += 3
    bag[0] = "one"
    bag[1] += 5
    del bag[0]
    there = 3 in bag
    bag -= 3
    if bag and not there:
        bag += "never"
    bag(colour="red")
    while bag:
        del bag[0]
    return same.items, bag.items, bag.asked, same.asked, bag.colour

log.append(run())
