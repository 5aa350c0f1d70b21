"""pandas on small and middling frames: group, merge, pivot, roll and apply."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.workloads import Pass


def make_orders(count: int) -> pd.DataFrame:
    random = np.random.default_rng(seed=7)
    return pd.DataFrame(
        {
            "day": pd.Timestamp("2025-01-01") + pd.to_timedelta(random.integers(0, 90, count), unit="D"),
            "symbol": random.choice(["AAPL", "GOOG", "MSFT", "NVDA", "TSLA"], count),
            "price": random.normal(100.0, 5.0, count),
            "quantity": random.integers(1, 100, count),
        }
    )


def make_symbols() -> pd.DataFrame:
    return pd.DataFrame(
        {"symbol": ["AAPL", "GOOG", "MSFT", "NVDA", "TSLA"], "sector": ["hw", "ads", "sw", "hw", "cars"]}
    )


def spread(group: pd.DataFrame) -> float:
    return float(group["price"].max() - group["price"].min())


def analyse(orders: pd.DataFrame, symbols: pd.DataFrame) -> pd.DataFrame:
    orders = orders.assign(value=orders["price"] * orders["quantity"])
    joined = orders.merge(symbols, on="symbol")
    daily = joined.groupby(["day", "sector"], as_index=False)["value"].sum()
    wide = daily.pivot_table(index="day", columns="sector", values="value", aggfunc="sum").fillna(0.0)
    wide = wide.rolling(7, min_periods=1).mean()
    wide["total"] = wide.sum(axis=1)
    spreads = pd.Series({name: spread(group) for name, group in joined.groupby("symbol")})
    wide["level"] = wide["total"].apply(lambda total: "high" if total > spreads.sum() else "low")
    best: pd.DataFrame = wide.sort_values("total", ascending=False).head(20)
    return best


def prepare() -> Pass:
    symbols = make_symbols()
    tables = [make_orders(200_000), *(make_orders(2_000) for _ in range(2))]
    return lambda: [analyse(orders, symbols) for orders in tables]
