def push(stack, value):
    stack.append(value)

def clear_inner(stack):
    inner = stack[-1]
    inner.clear()
    inner["done"] = True
    stack = [inner]
    stack.append("not seen by the caller")

def rename(person):
    person["name"] = person["name"].upper()
    push(person["tags"], "renamed")

def run():
    stack = []
    push(stack, 1)
    push(stack, {"a": 1})
    clear_inner(stack)
    person = {"name": "ann", "tags": []}
    rename(person); rename(person)
    push(person["tags"], person["name"])
    return stack, person

log.append(run())
