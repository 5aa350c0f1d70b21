import sys

class Loud:
    def __del__(self):
        log.append("del")
        raise ValueError("in __del__")

def drop():
    loud = Loud()
    return 1

before, sys.unraisablehook = sys.unraisablehook, lambda arguments: log.append(type(arguments.exc_value).__name__)
try:
    log.append(drop())
    del Loud
finally:
    sys.unraisablehook = before
