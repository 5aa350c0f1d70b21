def edit():
    data = bytearray(b"hello")
    data.append(33)
    data[0] = 72
    data[1:3] = b"EEE"
    data += b" world"
    same = data
    view = memoryview(data)
    view[0] = 104
    view[2:4] = b"xx"
    view.release()
    data.extend(range(3))
    data.reverse()
    del data[:4]
    data *= 2
    upper = data.upper()
    data[:] = b""
    same.append(1)
    return bytes(upper), bytes(data)

log.append(edit())
