class Cell:
    __slots__ = ("value", "next")
    def __init__(self, value, next=None):
        self.value = value
        self.next = next

class Chain:
    def __init__(self):
        self.head = None
        self.size = 0
    def push(self, value):
        self.head = Cell(value, self.head)
        self.size += 1
    def reverse(self):
        previous, current = None, self.head
        while current:
            current.next, previous, current = previous, current, current.next
        self.head = previous
    def values(self):
        at = self.head
        while at:
            yield at.value
            at = at.next

def run():
    chain = Chain()
    for number in range(4):
        chain.push([number])
    chain.reverse()
    chain.head.value.append("first")
    chain.head.next.value.append("second")
    values = list(chain.values())
    chain.head = chain.head.next
    return values, chain.size

log.append(run())
