def fib(n, memo={}):
    if n in memo:
        return memo[n]
    result = n if n < 2 else fib(n - 1) + fib(n - 2)
    memo[n] = result
    return result

def ackermann(m, n, depth=0):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1, depth + 1)
    inner = ackermann(m, n - 1, depth + 1)
    return ackermann(m - 1, inner, depth + 1)

log.append(fib(12))
log.append(ackermann(2, 2))
