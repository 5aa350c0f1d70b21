"""Programs that make life hard for a recorder: each says what it did, and must say the same when it is recorded."""

from __future__ import annotations

PROGRAMS = {
    "returns": "print('done')",
    "os._exit": """
        import os
        def leave():
            os._exit(7)
        print('before', flush=True)
        leave()
    """,
    "sys.exit": """
        import sys
        def leave():
            try:
                sys.exit(5)
            finally:
                print('leaving')
        leave()
    """,
    "uncaught exception": """
        def fail():
            raise ValueError('uncaught')
        fail()
    """,
    "killed by a signal": """
        import os, signal
        def kill():
            os.kill(os.getpid(), signal.SIGTERM)
        print('before', flush=True)
        kill()
    """,
    "interrupted": """
        import signal
        def work():
            signal.raise_signal(signal.SIGINT)
            for _ in range(100): pass
        try:
            work()
        except KeyboardInterrupt:
            print('interrupted')
        work()
    """,
    "shutdown with threads": """
        import atexit, threading
        ready = threading.Event()
        def forever():
            ready.set()
            while True:
                step()
        def step():
            return [n for n in range(10)]
        threading.Thread(target=forever, daemon=True).start()
        ready.wait()
        late = threading.Thread(target=lambda: print('late thread'))
        late.start()
        atexit.register(lambda: print('at exit'))
        late.join()
        print('end')
    """,
    "shutdown with finalisers": """
        import sys
        class Last:
            def __del__(self):
                print('last')
        def numbers():
            try:
                yield 1
            finally:
                print('generator')
        last, generator = Last(), numbers()
        next(generator)
        sys.last = Last()
    """,
    "execv": """
        import os, sys
        def replace():
            os.execv(sys.executable, [sys.executable, '-c', 'print("another program")'])
        replace()
    """,
    "fork": """
        import os, warnings
        warnings.simplefilter('ignore')
        def work(n):
            return sum(step(i) for i in range(n))
        def step(i):
            return i
        child = os.fork()
        if child == 0:
            print('child', work(10), flush=True)
            os._exit(3)
        print(os.waitpid(child, 0)[1] >> 8, work(20))
    """,
    "fork and return": """
        import os, sys, warnings
        warnings.simplefilter('ignore')
        def inside():
            if os.fork() == 0:
                return 'child'
            os.wait()
            return 'parent'
        print(inside(), flush=True)
    """,
    "multiprocessing": """
        import multiprocessing, warnings
        warnings.simplefilter('ignore')
        def work(n):
            return n * n
        with multiprocessing.get_context('fork').Pool(2) as pool:
            print(pool.map(work, range(5)))
    """,
    "modules deleted": """
        import sys
        def work():
            import json
            return json.dumps([1])
        gone = ('threading', 'json', 'scope_repl', 'collections')
        for name in [name for name in sys.modules if name.partition('.')[0] in gone]:
            del sys.modules[name]
        print(work())
        import threading
        thread = threading.Thread(target=lambda: print(work()))
        thread.start()
        thread.join()
    """,
    "sys.modules replaced": """
        import sys
        def work(n):
            return n and work(n - 1)
        kept, sys.modules = sys.modules, {}
        work(5)
        sys.modules = kept
        kept = sys.modules.copy()
        sys.modules.clear()
        work(5)
        sys.modules.update(kept)
        print('done')
    """,
    "builtins replaced": """
        import builtins
        def work(items):
            return len(items)
        kept = builtins.len
        builtins.len = lambda items: 5
        print(work([]))
        builtins.len = kept
        print(work([]))
    """,
    "recursion limit": """
        def forever(n):
            return forever(n + 1)
        class Repr:
            def __repr__(self):
                return repr(self)
        for function in (lambda: forever(0), lambda: repr(Repr())):
            try:
                function()
            except RecursionError:
                print('too deep')
        def depth(n=1):
            try:
                return depth(n + 1)
            except RecursionError:
                return n
        print(depth())
    """,
    "functions deleted while they run": """
        import gc
        def make(n):
            namespace = {}
            exec(f'def f{n}(x):\\n    return x + {n}', namespace)
            return namespace.pop(f'f{n}')
        total = 0
        for n in range(3000):
            total += make(n)(1)
        gc.collect()
        print(total)
        def suicide():
            global suicide
            del suicide
            gc.collect()
            return 'gone'
        print(suicide())
    """,
    "import hooks and lazy modules": """
        import importlib.abc, importlib.machinery, sys
        class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
            def find_spec(self, name, path, target=None):
                return importlib.machinery.ModuleSpec(name, self) if name == 'made_up' else None
            def exec_module(self, module):
                module.value = 5
        sys.meta_path.insert(0, Finder())
        import made_up
        print(made_up.value)
        try:
            import not_there
        except ImportError as error:
            print(error.name)
    """,
    "stdin, stdout and the environment": """
        import os, sys
        def show():
            print(sys.stdin.read(), sys.argv, __name__, __file__ is not None, sys.flags.optimize)
        show()
        os.write(1, b'raw')
    """,
    "recursion limits by hand": """
        import sys
        def down(n):
            return n and down(n - 1)
        sys.setrecursionlimit(25_000)
        print(down(20_000))
        sys.setrecursionlimit(200)
        try:
            down(500)
        except RecursionError as error:
            print(error)
        print(sys.getrecursionlimit())
    """,
}
