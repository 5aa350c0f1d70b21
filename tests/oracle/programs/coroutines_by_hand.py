class Ask:
    def __init__(self, question):
        self.question = question
    def __await__(self):
        answer = yield self.question
        return answer

async def talk(notes):
    name = await Ask("name")
    notes["name"] = name
    try:
        age = await Ask("age")
    except ValueError as error:
        age = str(error)
    notes["age"] = age
    return await finish(notes)

async def finish(notes):
    notes["done"] = len(notes)
    more = await Ask("more")
    notes.setdefault("more", []).append(more)
    return sorted(notes)

def drive(coroutine, answers):
    asked = [coroutine.send(None)]
    try:
        for answer in answers:
            asked.append(coroutine.throw(answer) if isinstance(answer, Exception) else coroutine.send(answer))
    except StopIteration as stop:
        return asked, stop.value

notes = {}
log.append(drive(talk(notes), ["ann", ValueError("no age"), 3]))
log.append(notes)
