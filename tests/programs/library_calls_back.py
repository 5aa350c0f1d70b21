import heapq
import json
import statistics
import textwrap

class Encoder(json.JSONEncoder):
    def default(self, value):
        return sorted(value)

def hook(pairs):
    return pairs

log.append(json.dumps({"a": {3, 1}}, cls=Encoder))
log.append(json.loads('{"a": {"b": 2}}', object_pairs_hook=hook))
log.append(heapq.nsmallest(2, [3, 1, 2], key=lambda n: -n))
log.append(statistics.mean([1, 2, 3]))
log.append(textwrap.fill("some words to fill", 8))
try:
    json.loads("{")
except ValueError as error:
    log.append(type(error).__name__)
