import contextlib

class Account:
    def __init__(self, owner):
        self.owner, self.entries = owner, []
    def book(self, amount):
        self.entries.append(amount)
        return sum(self.entries)

def reading(account, words):
    balance = 0
    while words:
        try:
            amount = yield balance
        except ValueError as error:
            words.append(str(error))
            amount = -1
            again = yield words
            account.book(again or 0)
        except KeyError:
            words.insert(0, "stopped")
            return words
        balance = account.book(amount)
        words.pop()
    return balance

def checking(account, words):
    limit = 3
    got = yield from reading(account, words)
    limit += len(words)
    account.book(limit)
    try:
        yield got
    finally:
        words.clear()
    return [got, limit]

def teller(account):
    words = ["one", "two"]
    served = []
    try:
        served.append((yield from checking(account, words)))
    except TypeError as error:
        served.append(error)
        account.entries[:] = [0]
    more = yield served
    served.append(more)
    return served

def serve(account, orders):
    desk = teller(account)
    answers = [next(desk)]
    for order in orders:
        try:
            answers.append(desk.throw(order) if isinstance(order, Exception) else desk.send(order))
        except StopIteration as stop:
            answers.append(stop.value)
            break
        except OSError as error:
            answers.append(type(error))
            account.book(-100)
    return [str(answer) for answer in answers]

ann = Account("ann")
log.append(serve(ann, [5, ValueError("odd"), 7, KeyError(), "more", "end"]))
log.append(serve(ann, [ValueError("at once"), TypeError("wrong"), "end"]))
log.append(serve(ann, [4, OSError("closed"), 5]))
log.append(serve(ann, [1, 2]))
log.append(ann.entries)

@contextlib.contextmanager
def opened(names):
    names.append("opened")
    kept = yield from holding(names)
    names.append(kept)

def holding(names):
    count = len(names)
    try:
        yield names
    except KeyError as error:
        names.append(error.args[0])
        count += 1
    return count

names = []
with opened(names) as same:
    same.append("inside")
    raise KeyError("missing")
log.append(names)
