def simulate(steps):
    x, v = 0.0, 1.0
    low = high = x
    for step in range(steps):
        a = -x * 0.5
        v += a * 0.1
        x += v * 0.1
        low = min(low, x)
        high = max(high, x)
        energy = 0.5 * v * v + 0.25 * x * x
    return x, v, low, high, energy

def special():
    value = float("inf")
    value -= value
    zero = -0.0
    zero += 0.0
    tiny = 5e-324
    tiny /= 2
    numbers = [1.5, -0.0]
    numbers[0] *= 2
    numbers[1] = complex(numbers[1], -0.0)
    z = 1 + 2j
    z *= z
    z = z.conjugate()
    return zero, tiny, z, numbers[0]

log.append(simulate(12))
log.append(special())
