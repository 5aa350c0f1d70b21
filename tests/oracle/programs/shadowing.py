x = ["module"]

def first(list):
    sum = 0
    for list in list:
        sum += list
    return sum

def run(x):
    y = [x for x in x]
    def x():
        x = ["inner"]
        x.append(len(y))
        return x
    z = x()
    class x:
        w = y
        w.append("class")
        x = 1
    z = [z for z in z]
    z = z[0] if z else x.w
    return y, z

log.append(run("ab"))
log.append(first([1, 2]))
x = [x for x in x]
x += [[x for x in range(2)] for x in x]
log.append(x)
