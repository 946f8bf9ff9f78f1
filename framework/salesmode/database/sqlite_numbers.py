"""Exact whole numbers of any size for SQLite, whose own end at 64 bits and go on as floats.

A number is an integer or, beyond 64 bits, its text; null makes null. Scales are those of whoever composes
the SQL.
"""

import sqlite3
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from operator import mul

Number = int | str | None

_LARGEST = (1 << 63) - 1
_EXACT = Context(prec=50)
_DIGITS = 50
_BEYOND = 10 ** (_DIGITS - 1)  # further from nought than any sum


def register_numbers(connection: sqlite3.Connection) -> None:
    """Make the functions known to one connection."""
    several: dict[str, Callable[..., Number]] = {
        "sm_sum": total,
        "sm_product": product,
        "sm_min": least,
        "sm_max": greatest,
    }
    for name, function in several.items():
        connection.create_function(name, -1, function, deterministic=True)
    connection.create_function("sm_quotient", 3, quotient, deterministic=True)
    connection.create_function("sm_round", 2, rounded, deterministic=True)
    connection.create_function("sm_abs", 1, absolute, deterministic=True)
    connection.create_function("sm_compare", 3, compared, deterministic=True)
    connection.create_function("sm_fit", 3, fitted, deterministic=True)
    connection.create_function("sm_decimal", 2, decimal_text, deterministic=True)
    connection.create_function("sm_halves", 2, of_halves, deterministic=True)
    connection.create_function("sm_ordered", 1, ordered, deterministic=True)
    connection.create_function("sm_mean", 6, mean, deterministic=True)
    connection.create_function("sm_wilson", 4, wilson, deterministic=True)


def total(factors: str, *numbers: Number) -> Number:
    """The sum of the numbers, each times its factor (`1,-10`)."""
    if None in numbers:
        return None
    return _told(sum(map(mul, _factors(factors), map(int, numbers))))  # type: ignore[arg-type]


@lru_cache(maxsize=1024)
def _factors(factors: str) -> tuple[int, ...]:
    return tuple(map(int, factors.split(",")))


def product(*numbers: Number) -> Number:
    """All of them multiplied."""
    result = 1
    for each in numbers:
        if each is None:
            return None
        result *= int(each)
    return _told(result)


def quotient(number: Number, divisor: Number, shift: int) -> Number:
    """`number / divisor` times ten to the power of `shift`, half to even; null for a division by zero."""
    if number is None or divisor is None or not int(divisor):
        return None
    if shift >= 0:
        return _told(half_even(int(number) * 10**shift, int(divisor)))
    return _told(half_even(int(number), int(divisor) * 10**-shift))


def half_even(number: int, divisor: int) -> int:
    """The nearest whole number, of two that are as near the even one."""
    if divisor < 0:
        number, divisor = -number, -divisor
    whole, rest = divmod(number, divisor)
    return whole + (2 * rest > divisor or (2 * rest == divisor and whole % 2 == 1))


def rounded(number: Number, places: int) -> Number:
    """Without the last `places` digits, half to even."""
    return None if number is None else _told(half_even(int(number), 10**places))


def absolute(number: Number) -> Number:
    """Without its sign."""
    return None if number is None else _told(abs(int(number)))


def compared(factors: str, one: Number, other: Number) -> int | None:
    """-1, 0 or 1: how the first stands to the second, each times its factor."""
    if one is None or other is None:
        return None
    left, right = _factors(factors)
    difference = int(one) * left - int(other) * right
    return (difference > 0) - (difference < 0)


def least(*numbers: Number) -> Number:
    """The least of them; null if one is null."""
    return None if None in numbers else _told(min(map(int, numbers)))  # type: ignore[arg-type]


def greatest(*numbers: Number) -> Number:
    """The greatest of them; null if one is null."""
    return None if None in numbers else _told(max(map(int, numbers)))  # type: ignore[arg-type]


def fitted(number: Number, low: int, high: int) -> int | None:
    """The number, if it lies within those bounds; else null."""
    return None if number is None or not low <= int(number) <= high else int(number)


def decimal_text(number: Number, scale: int) -> str | None:
    """-5 with two places → `-0.05`."""
    if number is None:
        return None
    if not scale:
        return str(int(number))
    digits = str(abs(int(number))).rjust(scale + 1, "0")
    return f"{'-' if int(number) < 0 else ''}{digits[:-scale]}.{digits[-scale:]}"


def of_halves(upper: int | None, lower: int | None) -> Number:
    """A sum that was made of the upper bits and the lower 32 bits of its parts apart, so that neither
    overflows.
    """
    return None if upper is None or lower is None else _told((upper << 32) + lower)


def ordered(number: Number) -> str | None:
    """A text that stands among those of other numbers as the number does."""
    return None if number is None else f"{int(number) + _BEYOND:0{_DIGITS}d}"


def mean(upper: int | None, lower: int | None, count: int, shift: int, low: int, high: int) -> int | None:
    """The mean of `count` such parts, times ten to the power of `shift`, half to even."""
    if upper is None or lower is None:
        return None
    return fitted(quotient((upper << 32) + lower, count, shift), low, high)


def wilson(won: int, closed: int, square: str, sign: int) -> int | None:
    """The lower (`sign` -1) or upper (1) end of Wilson's interval for `won` of `closed`, in ten-thousandths;
    `square` is that of the normal quantile.
    """
    if not closed:
        return None
    z = Decimal(square)
    spread = _EXACT.divide(Decimal(4 * won * (closed - won)), Decimal(closed))
    root = _EXACT.sqrt(_EXACT.multiply(z, _EXACT.add(z, spread)))
    end = _EXACT.divide(_EXACT.add(2 * won + z, sign * root), 2 * (closed + z))
    return int((end * 10_000).to_integral_value(ROUND_HALF_UP))


def _told(number: int) -> Number:
    return number if -_LARGEST <= number <= _LARGEST else str(number)
