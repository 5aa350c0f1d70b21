def down(n):
    return 0 if n == 0 else 1 + down(n - 1)

def even(n):
    return True if n == 0 else odd(n - 1)

def odd(n):
    return False if n == 0 else even(n - 1)

log.append(down(50))
log.append(even(31))
