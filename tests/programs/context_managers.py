import contextlib

class Manager:
    def __init__(self, swallow):
        self.swallow = swallow
    def __enter__(self):
        return self
    def __exit__(self, *error):
        return self.swallow

@contextlib.contextmanager
def managed(n):
    try:
        yield n
    except KeyError:
        log.append("managed")

def use(swallow):
    with Manager(swallow) as manager, Manager(False):
        raise KeyError("inside")
    return "swallowed"

log.append(use(True))
try:
    use(False)
except KeyError:
    log.append("not swallowed")
with managed(1) as n:
    log.append(n)
with managed(2):
    raise KeyError("inside")
try:
    with managed(3):
        raise ValueError("inside")
except ValueError:
    log.append("not managed")
with contextlib.ExitStack() as stack:
    stack.enter_context(managed(4))
    stack.callback(log.append, "callback")
with contextlib.suppress(KeyError):
    raise KeyError
