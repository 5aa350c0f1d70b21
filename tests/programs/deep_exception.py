import sys
sys.setrecursionlimit(30_000)

def down(n):
    if not n:
        raise ValueError("bottom")
    down(n - 1)

try:
    down(5_000)
except ValueError as error:
    log.append(str(error))
