"""What was bound, closed over and filled long before the horizon is still there at the end."""

early = {"numbers": [1, 2, 3], "text": "early"}
constants = (early, [4])


class Holder:
    def __init__(self, name):
        self.name = name
        self.items = []
        self.part = None


class Slotted:
    __slots__ = ("value", "later")

    def __init__(self, value):
        self.value = value


def counter():
    count = 0
    seen = []

    def step(by):
        nonlocal count
        count += by
        if count % 500 == 0:
            seen.append(count)
        return count

    return step


def numbers(start):
    kept = [start]
    current = start
    while True:
        sent = yield current
        kept[0] = current
        current += sent


def work(n, holder):
    square = n * n
    pair = (n, [square])
    if n % 7 == 0:
        holder.items.append(pair)
        holder.items = holder.items[-3:]
    return square % 10


def run(times):
    untouched = ["never", {"touched": "again"}]
    alias = untouched[1]
    holder, slotted = Holder("h"), Slotted([0])
    holder.part = slotted
    step = counter()
    source = numbers(0)
    next(source)
    total, last, text = 0, None, ""
    deleted = "for a while"
    del deleted
    for n in range(times):
        total += work(n, holder)
        last = source.send(1)
        step(1)
        if n % 100 == 0:
            slotted.value[0] = n
            text += "x"
        if n == times - 20:
            alias["touched"] = "late"
            early["numbers"].append(n)
    return total, last, text, untouched, slotted.value, holder.items


log.append(run(2500))
log.append((early, constants))
