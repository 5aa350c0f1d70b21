import sys
sys.setrecursionlimit(30_000)

def down(n):
    if n:
        down(n - 1)

down(20_000)
