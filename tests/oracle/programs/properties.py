class Temperature:
    reads = 0
    def __init__(self, celsius):
        self._celsius = celsius
        self._log = []
    @property
    def fahrenheit(self):
        Temperature.reads += 1
        self._log.append("read")
        return self._celsius * 9 / 5 + 32
    @fahrenheit.setter
    def fahrenheit(self, value):
        self._celsius = (value - 32) * 5 / 9
        self._log.append("write")
    @fahrenheit.deleter
    def fahrenheit(self):
        self._log.clear()
    def __getattr__(self, name):
        self._log.append(name)
        return len(name)
    def __repr__(self):
        log.append("repr was called")
        return "never"

def run():
    today = Temperature(20)
    value = today.fahrenheit
    today.fahrenheit = 212
    missing = today.nothing
    del today.fahrenheit
    today.fahrenheit += 1
    return round(value), missing, today._log

log.append(run())
log.append(Temperature.reads)
