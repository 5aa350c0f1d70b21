import signal

def handler(number, frame):
    raise KeyboardInterrupt

def wait():
    signal.raise_signal(signal.SIGUSR1)
    for _ in range(10):
        pass

before = signal.signal(signal.SIGUSR1, handler)
try:
    wait()
except KeyboardInterrupt:
    log.append("interrupted")
finally:
    signal.signal(signal.SIGUSR1, before)
