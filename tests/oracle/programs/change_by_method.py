class Account:
    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance
        self.moves = []

    def deposit(self, amount):
        self.balance += amount
        self.moves.append(("in", amount))
        return self

    def withdraw(self, amount):
        if amount > self.balance:
            raise ValueError("too little")
        self.balance -= amount
        self.moves.append(("out", amount))

def run():
    account = Account("ann", 10)
    account.deposit(5).deposit(7)
    account.withdraw(3)
    try:
        account.withdraw(100)
    except ValueError:
        account.moves.append("refused")
    account.owner = "bob"
    account.moves[0] = None
    account.limit = 50
    del account.limit
    return account.balance, account.moves

log.append(run())
