TRANSITIONS = {"idle": {"start": "running"}, "running": {"pause": "paused", "stop": "idle"}, "paused": {"start": "running"}}

class Machine:
    state = "idle"
    def __init__(self):
        self.trail = [self.state]
        self.errors = {}
    def feed(self, event):
        try:
            self.state = TRANSITIONS[self.state][event]
        except KeyError:
            self.errors.setdefault(self.state, []).append(event)
        else:
            self.trail.append(self.state)
        return self.state

machine = Machine()
for event in ("start", "start", "pause", "stop", "start", "stop"):
    now = machine.feed(event)
log.append((machine.trail, machine.errors, now))
TRANSITIONS["idle"]["stop"] = "idle"
log.append(machine.feed("stop"))
