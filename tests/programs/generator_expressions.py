def square(n):
    return n * n

log.append(sum(square(n) for n in range(4)))
log.append([square(n) for n in range(3) if n])
log.append({square(n) for n in range(3)})
log.append({n: square(n) for n in range(3)})
log.append([[square(a * b) for a in range(2)] for b in range(2)])
log.append(any(square(n) > 3 for n in range(9)))
lazy = (square(n) for n in range(3))
next(lazy)
del lazy
def fails():
    return [1 // n for n in (1, 0)]
try:
    fails()
except ZeroDivisionError:
    log.append("zero")
