import gc

def numbers():
    own = yield
    try:
        yield 1
    finally:
        log.append("collected")

def cycle():
    generator = numbers()
    next(generator)
    generator.send([generator])

def elsewhere():
    gc.collect()

cycle()
elsewhere()
