def many(notes):
    raise ExceptionGroup("many", [ValueError(1), ExceptionGroup("inner", [KeyError("k"), TypeError("t")])])

def run():
    notes = []
    try:
        many(notes)
    except* ValueError as group:
        notes.append(len(group.exceptions))
        first = group.exceptions[0].args
    except* KeyError as group:
        notes.append(group.message)
        inner = group.exceptions[0].exceptions
        notes.extend(error.args for error in inner)
    except* TypeError:
        notes.append("type")
    try:
        try:
            raise OSError(2, "no such thing")
        except* OSError as group:
            first = (*first, group.exceptions[0].errno)
            raise RuntimeError(notes)
    except (ExceptionGroup, RuntimeError) as error:
        notes.append(type(error).__name__)
    return notes, first

log.append(run())
