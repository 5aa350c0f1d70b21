def numbers(name):
    try:
        yield 1
        yield 2
    finally:
        log.append(name)

def bare():
    yield 1
    yield 2

def abandon():
    generator = numbers("local")
    next(generator)
    other = bare()
    next(other)
    return 5

def other_function(generator):
    del generator[:]
    log.append("deleted")

abandon()
for item in numbers("broken"):
    break
for item in bare():
    break
box = [numbers("in another function"), bare()]
for generator in box:
    next(generator)
del generator
other_function(box)
unstarted = numbers("unstarted")
del unstarted
kept = numbers("at the end")
next(kept)
