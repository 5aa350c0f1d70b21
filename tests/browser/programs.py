"""Cells that are recorded, and one that shows the recording."""

LOAD = "%load_ext scope_repl\nimport gc, os, sys, threading, time, weakref, scope_repl"

# Sleeps make bars wide enough to be named.
ORDERS = """%%scope_trace
def price(item, count):
    time.sleep(0.01)
    return 3 * count
def total(order):
    return sum(price(item, count) for item, count in order)
def bill(order):
    time.sleep(0.01)
    return f"{total(order)} EUR"
bill([("pen", 1), ("ink", 2), ("pad", 3)])"""

# From afar, the ticks are one rectangle.
TICKS = """%%scope_trace
def tick(n):
    return n
def wait():
    time.sleep(0.02)
wait()
for n in range(20_000):
    tick(n)
wait()"""

EMPTY = "with scope_repl.record(exclude=['*']) as recording:\n    pass"

# The cell's own frame is not recorded.
ONE = """import types
one = types.ModuleType("one")
exec("def once(): return sum(range(100_000))", vars(one))
with scope_repl.record(c_calls=False, include=["one"], exclude=["__main__"]) as recording:
    one.once()"""

DEEP = """def down(n):
    return n and down(n - 1)
sys.setrecursionlimit(40_000)
threading.stack_size(512 << 20)
thread = threading.Thread(target=down, args=[20_000])
with scope_repl.record() as recording:
    thread.start()
    thread.join()
threading.stack_size(0)"""

THREADS = """def work(n):
    time.sleep(0.001)
    return n
threads = [threading.Thread(target=work, args=[n], name=f"worker {n}") for n in range(100)]
with scope_repl.record() as recording:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()"""

DROPPED = """def small(n):
    return n
with scope_repl.record(buffer="1MB") as recording:
    for n in range(400_000):
        small(n)"""

SHOW = "timeline = scope.last.timeline()\ntimeline"

# Its lines are captured, and what they bind.
STATE = """%%scope_trace --level lines
class Order:
    def __init__(self, customer):
        self.customer = customer
        self.items = []
def price(item):
    base = {"pen": 3, "ink": 7}.get(item, 5)
    time.sleep(0.002)
    return base
def bill(names):
    order = Order("Ada")
    log = []
    for name in names:
        cost = price(name)
        order.items.append((name, cost))
        log.append(f"{name}: {cost}")
    print("done")
    return order
bill(["pen", "ink", "cup"])"""

WATCHED = """class Account:
    def __init__(self):
        self.balance = 0
    def pay(self, amount):
        self.balance += amount
account = Account()
scope.watch(account)
with scope_repl.record(level="lines") as recording:
    account.pay(5)
    account.pay(7)
scope.unwatch()"""
