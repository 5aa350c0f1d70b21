def original(x):
    return x

def other(x, y=2):
    return x + y

original(1)
original.__code__ = other.__code__
original.__defaults__ = (5,)
log.append(original(1))
original.__name__ = original.__qualname__ = "renamed"
log.append(original(2))
log.append((lambda: 0).__code__.co_name)
