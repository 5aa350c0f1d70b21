import datetime as dt

def run():
    day = dt.date(2024, 2, 28)
    day += dt.timedelta(days=1)
    later = day.replace(year=2028)
    moment = dt.datetime(2024, 1, 1, 12, 30)
    moment = moment.replace(hour=1)
    aware = moment.replace(tzinfo=dt.timezone.utc)
    step = dt.timedelta(hours=1)
    step *= 3
    times = [moment + step * n for n in range(3)]
    times[0] = times[-1]
    clock = dt.time(10, 20)
    gap = later - day
    return day, gap, aware, times, clock

log.append(run())
