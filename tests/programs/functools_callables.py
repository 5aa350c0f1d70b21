import functools

def add(a, b, c=0):
    return a + b + c

@functools.lru_cache
def cached(n):
    return n if n < 2 else cached(n - 1) + cached(n - 2)

@functools.singledispatch
def kind(value):
    return "other"

@kind.register
def _(value: int):
    return "int"

log.append(functools.partial(add, 1, c=2)(3))
log.append(cached(10))
log.append(functools.reduce(add, [1, 2, 3]))
log.append([kind(1), kind("a")])
class Point:
    @functools.cached_property
    def norm(self):
        return 5
point = Point()
log.append([point.norm, point.norm])
log.append(sorted([2, 1], key=functools.cmp_to_key(lambda a, b: a - b)))
