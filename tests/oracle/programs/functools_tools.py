import functools

calls = []

@functools.lru_cache(maxsize=2)
def squared(n):
    calls.append(n)
    return n * n

@functools.singledispatch
def describe(value):
    return "something"

@describe.register
def _(value: list):
    value.append("described")
    return value

def counted(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        wrapper.count += 1
        result = function(*args, **kwargs)
        wrapper.last = result
        return result
    wrapper.count = 0
    return wrapper

@counted
def join(*parts, sep="-"):
    return sep.join(parts)

class Lazy:
    @functools.cached_property
    def value(self):
        calls.append("value")
        return [1]

def run():
    out = [squared(n) for n in (1, 2, 1, 3, 2)]
    push = functools.partial(out.append, "pushed")
    push(); push()
    joined = functools.partial(join, "a", sep="+")
    text = joined("b") + join("c", "d")
    lazy = Lazy()
    lazy.value.append(2)
    lazy.value.append(3)
    return out, text, join.count, describe([1]), describe(1), lazy.value

log.append(run())
log.append(calls)
