import threading

def work(n):
    total = 0
    for i in range(n):
        total += step(i)
    return total

def step(i):
    if i == 3:
        try:
            raise ValueError(i)
        except ValueError:
            return 0
    return i

class Worker(threading.Thread):
    def run(self):
        work(4)

threads = [threading.Thread(target=work, args=(n,), name=f"worker {n}") for n in range(4)]
threads.append(Worker(name="subclass"))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
