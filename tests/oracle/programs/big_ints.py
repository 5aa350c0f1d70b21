def factorial(n):
    result = 1
    for number in range(2, n + 1):
        result *= number
    return result

def run():
    small = 2**62
    small += 2**62 - 1
    small += 1
    small = -small
    small -= 1
    number = factorial(25)
    number = -number
    bits = 1 << 200
    bits |= 1
    bits >>= 190
    huge = 3**500
    huge += 1
    digits = len(str(huge))
    for _ in range(3):
        number = number * number % (2**89 - 1)
    return small, number, bits, digits

log.append(run())
