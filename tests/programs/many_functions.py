def make(n):
    namespace = {}
    exec(compile(f"def f{n}(x):\n    return x + {n}\n", __file__, "exec"), namespace)
    return namespace[f"f{n}"]

log.append(sum(make(n)(1) for n in range(300)))
