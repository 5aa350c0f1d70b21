class Base:
    kinds = []
    def __init_subclass__(cls, **options):
        super().__init_subclass__()
        Base.kinds.append(cls.__name__)
    def __init__(self, value):
        self.value = value
        self.history = [value]
    def set(self, value):
        self.value = value
        self.history.append(value)
        return self

class Clamped(Base):
    top = 10
    def set(self, value):
        if value > self.top:
            value = self.top
        return super().set(value)

class Both(Clamped, dict):
    def set(self, value):
        self[len(self)] = value
        return super().set(value * 2)

def run():
    base = Base(1).set(2)
    low = Clamped(3)
    low.set(50).set(4)
    both = Both(1)
    both.set(2)
    both.set(70)
    both["key"] = both.history
    both.history.append("end")
    return base.history, low.history, dict(both), Base.kinds

log.append(run())
