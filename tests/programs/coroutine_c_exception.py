def f0(n): return drive(c0(n))
async def c0(n): int('x')
def drive(c):
    try:
        while True: c.send(None)
    except StopIteration as s: return s.value
try: f0(1)
except ValueError: log.append(1)
