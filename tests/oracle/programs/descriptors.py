class Checked:
    writes = []
    def __set_name__(self, owner, name):
        self.name = name
        self.reads = 0
    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        self.reads += 1
        return instance.__dict__[self.name]
    def __set__(self, instance, value):
        if value < 0:
            raise ValueError(self.name)
        Checked.writes.append((self.name, value))
        instance.__dict__[self.name] = value
    def __delete__(self, instance):
        del instance.__dict__[self.name]

class Shape:
    width = Checked()
    height = Checked()
    def __init__(self, width, height):
        self.width = width
        self.height = height

def run():
    shape = Shape(2, 3)
    area = shape.width * shape.height
    shape.width += 5
    try:
        shape.height = -1
    except ValueError as error:
        failed = error.args[0]
    del shape.width
    descriptor = Shape.width
    again = descriptor.reads
    return area, failed, again, Checked.writes

log.append(run())
