class Meta(type):
    made = []
    @classmethod
    def __prepare__(mcs, name, bases, **options):
        return {"prepared": [name]}
    def __new__(mcs, name, bases, namespace, **options):
        namespace["prepared"].append(len(bases))
        cls = super().__new__(mcs, name, bases, namespace)
        mcs.made.append(name)
        return cls
    def __call__(cls, *args):
        instance = super().__call__(*args)
        cls.prepared.append(instance.size)
        return instance

class Thing(metaclass=Meta):
    prepared.append("in the body")
    def __init__(self, size=0):
        self.size = size

class Sub(Thing):
    prepared.append("in the body, too")
    size_of = prepared

thing, sub = Thing(3), Sub()
sub.size = Sub.size_of
made = type("Made", (Thing,), {"prepared": []})
log.append((Meta.made, Thing.prepared, Sub.prepared, made(1).size, len(sub.size)))
