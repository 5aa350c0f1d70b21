class Base:
    kind = "base"
    def __init__(self, n):
        self.n = n
    def method(self, m=1):
        return self.n * m
    @classmethod
    def make(cls, n):
        return cls(n)
    @staticmethod
    def static(n):
        return n
    @property
    def twice(self):
        return 2 * self.n
    @twice.setter
    def twice(self, value):
        self.n = value // 2

class Derived(Base):
    def __init__(self, n):
        super().__init__(n)
        self.extra = super().method(2)
    def method(self, m=1):
        return super().method(m) + 1

derived = Derived.make(3)
log.append([derived.method(), derived.method(m=2), Base.method(derived), derived.extra, Base.static(1)])
derived.twice = 10
log.append(derived.twice)
bound = derived.method
log.append(bound(3))
log.append(list(map(derived.method, [1, 2])))
