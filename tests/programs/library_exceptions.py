import json

def default(value):
    raise KeyError("from the program")

def dump():
    return json.dumps({1: {2}}, default=default)

try:
    dump()
except KeyError as error:
    log.append(error.args)
try:
    json.loads("[1,")
except ValueError:
    log.append("value")
