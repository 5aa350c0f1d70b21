import pandas as pd

def run():
    frame = pd.DataFrame({"name": ["a", "b", "c"], "price": [1.0, 2.0, 3.0]})
    frame["size"] = [10, 20, 30]
    frame.loc[0, "price"] = 5.0
    total = float(frame["price"].sum())
    frame = frame[frame["price"] > 2]
    column = list(frame["name"])
    frame.insert(0, "number", range(len(frame)))
    width = frame.shape[1]
    series = pd.Series([1, 2])
    series[0] = 9
    del frame["size"]
    return total, column, width, len(series)

log.append(run())
