def averager():
    total, count, average = 0.0, 0, None
    while True:
        value = yield average
        if value is None:
            return total, count
        total += value
        count += 1
        average = total / count

def run():
    states = []
    one, two = averager(), averager()
    next(one); next(two)
    for number in (10, 20, 4):
        states.append(one.send(number))
        states.append(two.send(-number))
    try:
        one.send(None)
    except StopIteration as stop:
        result = stop.value
    two.send(1.5)
    return states, result

log.append(run())
