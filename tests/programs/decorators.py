import functools

def twice(function):
    @functools.wraps(function)
    def wrapper(*arguments, **keywords):
        function(*arguments, **keywords)
        return function(*arguments, **keywords)
    return wrapper

def times(n):
    def decorate(function):
        def wrapper(value):
            for _ in range(n):
                value = function(value)
            return value
        return wrapper
    return decorate

@twice
def hello(name, mark="!"):
    log.append(name + mark)

@times(3)
def double(value):
    return 2 * value

hello("you", mark="?")
log.append(double(1))
