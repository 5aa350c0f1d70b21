def run():
    space = {"shared": [1]}
    exec("shared.append(2)\nmade = [shared]\nmade.append(3)", space)
    space["made"][0].append(4)
    value = eval("shared[0] + n", space, {"n": 10})
    code = compile("shared.clear()", "<text>", "exec")
    exec(code, space)
    function = eval("lambda x: shared.append(x)", space)
    function(5)
    return space["shared"], space["made"], value

log.append(run())
