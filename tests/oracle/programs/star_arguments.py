def take(first, /, *rest, key=None, **more):
    rest = list(rest)
    rest.append(first)
    more["added"] = key
    more.update(first=first)
    key = [key] * 2
    return rest, more

def pass_on(*args, **kwargs):
    kwargs["key"] = kwargs.pop("k", 0)
    args = (*args, len(args))
    return take(*args, **kwargs)

def run():
    options = {"k": [1], "z": 26}
    rest, more = pass_on(1, 2, **options)
    options["k"].append(2)
    more["z"] += 1
    positional = [3, 4]
    rest, more = pass_on(*positional, positional, x=positional)
    positional.append(5)
    return rest, more, options

log.append(run())
