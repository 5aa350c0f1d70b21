def bad(n):
    yield n
    raise ValueError("in generator")

def stops():
    yield 1
    raise StopIteration

for generator in (bad(1), stops()):
    try:
        for item in generator:
            log.append(item)
    except Exception as error:
        log.append(type(error).__name__)
