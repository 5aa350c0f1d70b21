class Countdown:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        if not self.n:
            raise StopIteration
        self.n -= 1
        return self.n

log.append(list(Countdown(3)))
for n in Countdown(2):
    log.append(n)
a, b = Countdown(2)
log.append([*Countdown(2)])
log.append(dict(zip("ab", Countdown(2))))
log.append(next(iter(lambda: 5, 6)))
