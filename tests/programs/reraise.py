def fail():
    raise ValueError("first")

def again():
    try:
        fail()
    except ValueError:
        raise

def other():
    try:
        fail()
    except ValueError as error:
        raise KeyError("second") from error

def same():
    try:
        fail()
    except ValueError as error:
        raise error

for function in (again, other, same):
    try:
        function()
    except Exception as error:
        log.append(repr(error))
