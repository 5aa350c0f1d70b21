def use():
    namespace = {}
    exec("def f(x):\n    return x + 1\ny = f(1)", namespace)
    log.append(namespace["y"])
    log.append(eval("sum(n for n in range(3))"))
    log.append(eval("fail()", {"fail": fail}) if False else None)

def fail():
    raise ValueError

use()
code = compile("z = use.__name__", __file__, "exec")
exec(code)
log.append(z)
