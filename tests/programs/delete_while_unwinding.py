class Quiet:
    def __del__(self):
        log.append("gone")

def fail():
    quiet = Quiet()
    raise ValueError("with a local")

def through():
    quiet = Quiet()
    fail()

try:
    through()
except ValueError:
    log.append("handled")
log.append("after")
