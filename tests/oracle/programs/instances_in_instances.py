class Part:
    def __init__(self, name):
        self.name = name
        self.uses = 0

class Machine:
    def __init__(self):
        self.parts = [Part("a"), Part("b")]
        self.main = self.parts[0]
        self.table = {"main": self.main}
    def use(self, number):
        part = self.parts[number]
        part.uses += 1
        return part

def run():
    machine = Machine()
    machine.use(0)
    machine.use(1).name = "renamed"
    part = machine.main
    part.uses = 10
    machine.parts.pop()
    machine.table["main"] = None
    machine.main = Part("new")
    machine.main.uses += 1
    other = machine.parts
    other.append(machine)
    other[0].uses += 1
    return part.uses, machine.main.uses, len(other)

log.append(run())
