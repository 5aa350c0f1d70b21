def even(n, trail):
    trail.append(("even", n))
    if n == 0:
        return True
    answer = odd(n - 1, trail)
    trail.append(answer)
    return answer

def odd(n, trail):
    trail.append(("odd", n))
    if n == 0:
        return False
    answer = even(n - 1, trail)
    trail[0] = n
    return answer

trail = []
log.append(even(7, trail))
log.append(odd(4, trail[:2]))
log.append(trail)
