"""A small stock exchange: traders send orders, each market matches them on a thread of its own, pandas sums up the day.

    python notebooks/demo_program.py

It has what real programs have (classes, recursion, generators, exceptions, threads, pandas), it always gives the same
result, and it takes a moment only. `make demo` records it with Scope.
"""

from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

MARKETS = {"ACME": 100, "GLOBEX": 250, "INITECH": 40}
TRADERS = 4
ORDERS_OF_A_TRADER = 60


@dataclass
class Order:
    """An offer to buy or to sell some shares at a price or better."""

    trader: str
    side: str
    price: int
    shares: int


@dataclass
class Trade:
    """Shares that changed hands."""

    market: str
    buyer: str
    seller: str
    price: int
    shares: int


class RejectedOrder(Exception):
    """The market will not have this order."""


@dataclass
class Level:
    """All orders at one price, first come first served: a node of a binary tree ordered by price."""

    price: int
    orders: deque[Order] = field(default_factory=deque)
    below: Level | None = None
    above: Level | None = None


class Ladder:
    """The waiting orders of one side of a market."""

    def __init__(self) -> None:
        self.root: Level | None = None

    def add(self, order: Order) -> None:
        self.root = self._insert(self.root, order)

    def _insert(self, level: Level | None, order: Order) -> Level:
        if level is None:
            return Level(order.price, deque([order]))
        if order.price < level.price:
            level.below = self._insert(level.below, order)
        elif order.price > level.price:
            level.above = self._insert(level.above, order)
        else:
            level.orders.append(order)
        return level

    def levels(self, downwards: bool) -> Iterator[Level]:
        """The levels that have orders, by price."""
        yield from self._walk(self.root, downwards)

    def _walk(self, level: Level | None, downwards: bool) -> Iterator[Level]:
        if level is not None:
            first, last = (level.above, level.below) if downwards else (level.below, level.above)
            yield from self._walk(first, downwards)
            if level.orders:
                yield level
            yield from self._walk(last, downwards)


class Market:
    """Matches the orders for one share."""

    def __init__(self, name: str, price: int) -> None:
        self.name = name
        self.last_price = price
        self.waiting = {"buy": Ladder(), "sell": Ladder()}
        self.trades: list[Trade] = []
        self.rejected = 0

    def run(self, orders: Iterator[Order]) -> None:
        """A day: every order is accepted, matched and, as far as shares are left over, kept waiting."""
        for order in orders:
            try:
                self.check(order)
            except RejectedOrder:
                self.rejected += 1
                continue
            self.match(order)
            if order.shares:
                self.waiting[order.side].add(order)

    def check(self, order: Order) -> None:
        if order.shares <= 0:
            raise RejectedOrder(f"{order.trader} cannot {order.side} {order.shares} shares")
        if abs(order.price - self.last_price) > self.last_price // 5:
            raise RejectedOrder(f"{order.price} is too far from {self.last_price}")

    def match(self, order: Order) -> None:
        """Trade with the best waiting orders of the other side, as long as the price is right."""
        buys = order.side == "buy"
        others = self.waiting["sell" if buys else "buy"]
        for level in others.levels(downwards=not buys):
            if order.shares == 0 or (level.price > order.price if buys else level.price < order.price):
                break
            while order.shares and level.orders:
                self.trade(order, level.orders[0])
                if level.orders[0].shares == 0:
                    level.orders.popleft()

    def trade(self, order: Order, waiting: Order) -> None:
        shares = min(order.shares, waiting.shares)
        order.shares -= shares
        waiting.shares -= shares
        buyer, seller = (order, waiting) if order.side == "buy" else (waiting, order)
        self.trades.append(Trade(self.name, buyer.trader, seller.trader, waiting.price, shares))
        self.last_price = waiting.price


def orders_of(trader: str, market: Market) -> Iterator[Order]:
    """A trader follows the price, and now and then mistypes."""
    dice = random.Random(f"{trader} at {market.name}")
    for _ in range(ORDERS_OF_A_TRADER):
        side = dice.choice(["buy", "sell"])
        price = round(dice.gauss(market.last_price, market.last_price / 25))
        shares = 0 if dice.random() < 0.03 else dice.randint(1, 50)
        yield Order(trader, side, price, shares)


def in_turn(streams: list[Iterator[Order]]) -> Iterator[Order]:
    """One order from each trader after the other, until all have gone home."""
    while streams:
        for stream in list(streams):
            try:
                yield next(stream)
            except StopIteration:
                streams.remove(stream)


def simulate() -> list[Market]:
    """A day at the exchange; each market runs on a thread of its own."""
    markets = [Market(name, price) for name, price in MARKETS.items()]
    threads = []
    for market in markets:
        orders = in_turn([orders_of(f"trader {number}", market) for number in range(1, TRADERS + 1)])
        threads.append(threading.Thread(target=market.run, args=(orders,), name=market.name))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return markets


def summary(markets: list[Market]) -> pd.DataFrame:
    """For each market: trades, shares, average price, closing price and rejected orders."""
    trades = pd.DataFrame([trade for market in markets for trade in market.trades])
    trades["value"] = trades["price"] * trades["shares"]
    table = trades.groupby("market").agg(trades=("shares", "size"), shares=("shares", "sum"), value=("value", "sum"))
    table["average"] = (table.pop("value") / table["shares"]).round(2)
    table["close"] = {market.name: market.last_price for market in markets}
    table["rejected"] = {market.name: market.rejected for market in markets}
    return table


def main() -> pd.DataFrame:
    """Simulate a day and sum it up."""
    return summary(simulate())


if __name__ == "__main__":
    print(main())
