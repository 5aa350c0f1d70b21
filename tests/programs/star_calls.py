class Holder:
    def method(self, *arguments, **keywords):
        return arguments, sorted(keywords)
    __call__ = method

def plain(*arguments, **keywords):
    return arguments

holder = Holder()
some, more = (1, 2), {"a": 3}
plain(*some, **more)
holder.method(*some, **more)
Holder.method(holder, *some)
holder(*some, **more)
len(*([],))
dict(**more)
[].append(*[1])
log.append(list(map(plain, *[[1], [2]])))
print(*(), end="")
