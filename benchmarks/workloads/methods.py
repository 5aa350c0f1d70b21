"""Method calls on small objects, as simulations make them."""

from __future__ import annotations

from benchmarks.workloads import Pass


class Account:
    def __init__(self) -> None:
        self.balance = 0

    def deposit(self, amount: int) -> None:
        self.balance += self.after_fee(amount)

    def after_fee(self, amount: int) -> int:
        return amount - 1

    def is_open(self) -> bool:
        return True


def trade() -> None:
    account = Account()
    for amount in range(50_000):
        if account.is_open():
            account.deposit(amount)


def prepare() -> Pass:
    return trade
