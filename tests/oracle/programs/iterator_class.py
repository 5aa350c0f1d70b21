class Countdown:
    def __init__(self, start, trail):
        self.current = start
        self.trail = trail
    def __iter__(self):
        self.trail.append("iter")
        return self
    def __next__(self):
        if self.current == 0:
            raise StopIteration
        self.current -= 1
        self.trail.append(self.current)
        return self.current
    def __len__(self):
        return self.current
    def __eq__(self, other):
        self.trail.append("compared")
        return NotImplemented
    __hash__ = None

def run():
    trail = []
    down = Countdown(3, trail)
    for number in down:
        doubled = number * 2
    again = Countdown(2, trail)
    pairs = list(zip(again, "xyz"))
    unequal = down != again
    first, second = Countdown(2, trail)
    found = 1 in Countdown(3, trail)
    return trail, doubled, pairs, unequal, first, second, found

log.append(run())
