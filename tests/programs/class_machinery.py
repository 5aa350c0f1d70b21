class Meta(type):
    def __new__(meta, name, bases, namespace, **keywords):
        log.append((name, sorted(keywords)))
        return super().__new__(meta, name, bases, namespace)
    def __init__(cls, name, bases, namespace, **keywords):
        super().__init__(name, bases, namespace)
    def __call__(cls, *arguments):
        return super().__call__(*arguments)
    @classmethod
    def __prepare__(meta, name, bases, **keywords):
        return {}

class Made(metaclass=Meta, option=1):
    value = [n for n in range(2)]
    def __new__(cls, *arguments):
        return super().__new__(cls)
    def __init__(self, *arguments):
        self.arguments = arguments
    def __init_subclass__(cls, **keywords):
        super().__init_subclass__(**keywords)

class Sub(Made):
    pass

log.append(Made(1, 2).arguments)
log.append(Sub(3).arguments)
