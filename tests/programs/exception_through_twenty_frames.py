def down(n):
    if n == 0:
        raise KeyError("twenty", n)
    try:
        return down(n - 1)
    finally:
        log.append(n)

try:
    down(20)
except KeyError as error:
    log.append(error.args)
