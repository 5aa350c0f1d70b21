def risky(n):
    if n % 2:
        raise IndexError(f"odd {n}")
    return n

def loop():
    total = 0
    for n in range(6):
        try:
            total += risky(n)
        except IndexError:
            continue
        finally:
            total += 100
        if total > 400:
            break
    else:
        total = -1
    return total

log.append(loop())
