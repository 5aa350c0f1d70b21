def run():
    import json
    import os.path as path
    from math import pi, sqrt as root
    text = json.dumps({"pi": round(pi, 2)})
    data = json.loads(text)
    data["root"] = root(16)
    name = path.basename("a/b.txt")
    json = data
    json["name"] = name
    return json, path.splitext(name)

log.append(run())
import collections.abc
from string import digits, ascii_lowercase as letters
letters = letters[:3]
digits += letters
log.append(digits)
