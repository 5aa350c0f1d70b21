class Signal:
    def __init__(self):
        self.handlers = []
        self.sent = 0
    def connect(self, handler):
        self.handlers.append(handler)
        return handler
    def send(self, value):
        self.sent += 1
        return [handler(value) for handler in list(self.handlers)]

class Ledger:
    def __init__(self, signal):
        self.entries = []
        signal.connect(self.note)
    def note(self, value):
        self.entries.append(value)
        value["noted"] = len(self.entries)
        return len(self.entries)

def run():
    signal = Signal()
    ledger = Ledger(signal)
    values = []
    signal.connect(values.append)
    signal.connect(lambda value: value.update(seen=True))
    results = [signal.send({"n": n}) for n in range(2)]
    values[0]["changed"] = True
    ledger.entries.reverse()
    return results, values, ledger.entries

log.append(run())
