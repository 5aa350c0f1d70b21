def everything(a, b=2, /, c=3, *rest, d, e=5, **more):
    return (a, b, c, rest, d, e, more)

def none():
    pass

def only_keywords(*, x, y=None):
    return x

def cells(a, b):
    def inner():
        return a + b
    a += 1
    return inner()

everything(1, d=4)
everything(1, 2, 3, 4, 5, d=6, f=7, **{"g": 8})
everything(*(1, 2), **{"d": 3})
none()
only_keywords(x="text")
log.append(cells(1, 2))
try:
    everything()
except TypeError:
    log.append("missing")
