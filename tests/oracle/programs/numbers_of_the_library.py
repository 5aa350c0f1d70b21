from decimal import Decimal
from fractions import Fraction

def run():
    price = Decimal("1.10")
    price *= 3
    price = price.quantize(Decimal("0.1"))
    share = Fraction(1, 3)
    share += Fraction(1, 6)
    top = share.numerator
    both = [price, share]
    both[0] += 1
    total = sum([share] * 3)
    return both, top, total

log.append(run())
