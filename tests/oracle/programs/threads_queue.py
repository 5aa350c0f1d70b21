import queue
import threading

def exchange(item, give, take):
    give.put(item); return take.get()

def server(requests, answers):
    state = {"served": 0, "kept": []}
    request = requests.get()
    while request is not None:
        state["served"] += 1
        request["answer"] = request["ask"] * 2
        state["kept"].append(request)
        request = exchange(request, answers, requests)
    state["kept"][0]["ended"] = True

def run():
    requests, answers = queue.Queue(), queue.Queue()
    thread = threading.Thread(target=server, args=(requests, answers), name="server")
    thread.start()
    got = []
    for number in range(3):
        answer = exchange({"ask": number}, requests, answers)
        answer["got"] = True
        got.append(answer)
    requests.put(None); thread.join()
    return got

log.append(run())
