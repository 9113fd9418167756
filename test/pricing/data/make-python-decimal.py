"""Writes python-decimal.txt: random price formulas and what Python's decimal makes of them."""
import random
from decimal import Decimal, getcontext

random.seed(20261124)
getcontext().prec = 28
NAMES = {
    "unit_price": Decimal("12.3456"),
    "list_price": Decimal("99.99"),
    "cost_price": Decimal("7.013"),
    "parent_unit_price": Decimal("0"),
}
LITERALS = ["0.9", "3", "7", "0.05", "1.15", "100", "0.333333", "12345678901234567890", "1e3", ".5", "0", "2", "(7 ** -3)"]


def expression(depth):
    if depth == 0:
        return random.choice(list(NAMES) + LITERALS)
    kind = random.random()
    left = expression(depth - 1)
    right = expression(random.randrange(depth))
    if kind < 0.45:
        return f"({left} {random.choice(['+', '-', '*', '/'])} {right})"
    if kind < 0.6:
        return f"({left} {random.choice(['//', '%'])} {right})"
    if kind < 0.66:
        return f"({left} ** {random.choice(['2', '3', '5', '0'])})"
    if kind < 0.74:
        return f"({left} if {right} {random.choice(['<', '<=', '>', '>=', '==', '!='])} {expression(0)} else {expression(0)})"
    if kind < 0.8:
        return f"({left} {random.choice(['and', 'or'])} {right})"
    if kind < 0.88:
        return f"({left}).quantize(Decimal('{random.choice(['0.01', '0.0001', '1', '0.05'])}'))"
    if kind < 0.94:
        return f"({left}).{random.choice(['max', 'min'])}({right})"
    if kind < 0.97:
        return f"(-{left})"
    return f"({left}).sqrt()"


def with_decimals(text):
    import io
    import tokenize

    out = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NUMBER:
            out.append(f"Decimal('{token.string}')")
        elif token.type not in (tokenize.NEWLINE, tokenize.ENDMARKER):
            out.append(token.string)
    return " ".join(out)


with open("python-decimal.txt", "w") as file:
    written = 0
    while written < 1000:
        text = expression(random.randrange(1, 5))
        if "**" in text and text.count("**") > 2:
            continue
        try:
            value = eval(with_decimals(text), {"Decimal": Decimal}, dict(NAMES))
            result = format(value, "f") if isinstance(value, Decimal) and value.is_finite() else "error"
        except Exception:
            result = "error"
        if len(result) > 200:
            continue
        file.write(f"{text}\t{result}\n")
        written += 1
