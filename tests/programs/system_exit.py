import sys

def leave(code):
    try:
        sys.exit(code)
    finally:
        log.append("on the way out")

leave(3)
