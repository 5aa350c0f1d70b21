import itertools
import os
import tokenize
import io

def source():
    yield "a = 1\n"
    yield "b = 2\n"

log.append([token.string for token in tokenize.generate_tokens(source().__next__)][:3])
log.append(list(itertools.islice(source(), 1)))
log.append(len(list(os.walk("/nonexistent"))))
log.append([list(group) for _, group in itertools.groupby([1, 1, 2], key=lambda n: n)])
walk = os.walk("/")
next(walk)
walk.close()
