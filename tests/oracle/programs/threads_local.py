import threading

local = threading.local()
results = {}

def work(name, numbers):
    local.total = 0
    for number in numbers:
        local.total += number
        results.setdefault(name, []).append(local.total)
    return local.total

class Worker(threading.Thread):
    def __init__(self, name, numbers):
        super().__init__(name=name)
        self.numbers = numbers
        self.result = None
    def run(self):
        self.result = work(self.name, self.numbers)
        self.numbers.clear()

one = Worker("one", [1, 2])
one.start(); one.join()
two = Worker("two", [3, 4])
two.start(); two.join()
log.append((one.result, two.result, results, work("main", [5])))
