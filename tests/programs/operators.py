class Number:
    def __init__(self, n):
        self.n = n
    def __add__(self, other):
        return Number(self.n + other.n)
    def __radd__(self, other):
        return Number(other + self.n)
    def __iadd__(self, other):
        self.n += other
        return self
    def __eq__(self, other):
        return self.n == other.n
    def __lt__(self, other):
        return self.n < other.n
    def __hash__(self):
        return hash(self.n)
    def __bool__(self):
        return bool(self.n)
    def __len__(self):
        return self.n
    def __getitem__(self, index):
        if index >= self.n:
            raise IndexError(index)
        return index
    def __contains__(self, item):
        return item == self.n
    def __call__(self, *arguments):
        return arguments
    def __index__(self):
        return self.n
    def __repr__(self):
        return f"Number({self.n})"
    def __format__(self, spec):
        return spec

a, b = Number(1), Number(2)
log.append(repr(a + b + a))
log.append(repr(3 + b))
a += 5
log.append([a == b, a < b, bool(a), len(a), a[0], 6 in a, a(1, 2), list(b), [1, 2, 3][b], f"{a:x}{b!r}"])
log.append({a: 1}[a])
log.append([n.n for n in sorted([a, b])])
