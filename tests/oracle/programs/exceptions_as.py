class Failure(Exception):
    def __init__(self, message, details):
        super().__init__(message, details)
        self.details = details

def risky(n, seen):
    if n == 0:
        raise Failure("zero", seen)
    if n == 1:
        return seen[n]
    return seen["x"]

def run():
    seen = []
    error = "before"
    for n in range(3):
        try:
            risky(n, seen)
        except Failure as error:
            error.details.append("handled")
            error.add_note("a note")
            kept = error
        except (IndexError, TypeError) as other:
            seen.append(type(other).__name__)
            try:
                raise ValueError(n) from other
            except ValueError as error:
                seen.append(error.args)
    kept.details.append(len(seen))
    kept.extra = seen
    del kept
    return seen

log.append(run())
