def check(n):
    if n == 2:
        raise ValueError(n)
    return n

class Table(dict):
    def __setitem__(self, key, value):
        dict.__setitem__(self, key, [value])

def run(box, table):
    n = "kept"
    box[0] = [
        check(n)
        for n in range(2)
    ]
    box += [{
        n: m
        for n in range(2)
        for m in
        range(n)
    }]
    del n
    try:
        box[1] = [
            check(n)
            for n in range(3)
        ]
    except ValueError as error:
        box.append(error.args)
    try: box[1] = [m for n in range(2)
                   for m in (n, check(n + 1))]
    except ValueError: table[1] = {n for n in box[0]
                                   if n}
    both = [n for n in box[0]
            if n], [m for m in box[0] if not m]; table[2] = box[0]
    table[3] = [(a, b) for a in range(2) for b in
                range(2)
                if a]
    table[4] = [[a
                 for a in range(b)] for b in range(3)]; box[0].append(both)
    with Closing(box) as closing: closing.box[1] = [n for n in box[0]
                                                     if check(2)]
    return len(box), sorted(table)

class Closing:
    def __init__(self, box):
        self.box = box
    def __enter__(self):
        return self
    def __exit__(self, *exception):
        self.box.append("closed")
        return True

log.append(run([0, 1], Table()))
values = [0]
n = "kept"
values[0] = [
    n
    for n in range(3)
    if n
]
try:
    values[0] = [
        check(n)
        for n in range(3)
    ]
except ValueError:
    values.append([
        m
        for m in values[0]
    ])
del n
class Body:
    n = 1
    names = [
        n
        for n in range(3)
    ]
    names[0] = {m: [
        m
        for m in range(m)]
        for m in names}
for n in range(2): values[0] = [m for m in range(n)
                                if m]
def see(n):
    seen = n
    return seen
values = [see(m) for m in range(2)]; m = see(5)
m = "kept"
values = [see(m) for m in range(2)]
values = [see(m) for m in "ab"], see(m)
del m; see(1)
k = "bound"; see(2)
values = [see(k) for k in range(2)], see(k)
del k
class Beside:
    m = "kept"
    values = [see(m) for m in range(2)]
    values = [see(m) for m in "ab"], see(m)
    del m; see(1)
    k = "bound"; see(2)
    values = [see(k) for k in range(2)], see(k)
    del k
log.append((values, Body.names, Beside.values, n))
