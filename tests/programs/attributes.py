class Dynamic:
    def __getattr__(self, name):
        if name.startswith("no"):
            raise AttributeError(name)
        return name
    def __setattr__(self, name, value):
        super().__setattr__(name, value)
    def __getattribute__(self, name):
        return super().__getattribute__(name)

class Descriptor:
    def __set_name__(self, owner, name):
        self.name = name
    def __get__(self, instance, owner):
        return 5 if instance else self
    def __set__(self, instance, value):
        log.append(value)

class Owner:
    field = Descriptor()

dynamic = Dynamic()
dynamic.a = 1
log.append([dynamic.a, dynamic.b, hasattr(dynamic, "no"), getattr(dynamic, "nothing", None)])
owner = Owner()
owner.field = 3
log.append(owner.field)
