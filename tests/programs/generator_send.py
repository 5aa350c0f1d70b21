def average():
    total, count, value = 0, 0, None
    while True:
        received = yield value
        if received is None:
            return total
        total, count = total + received, count + 1
        value = total // count

generator = average()
next(generator)
log.append([generator.send(n) for n in (1, 2, 6)])
try:
    generator.send(None)
except StopIteration as stop:
    log.append(stop.value)
