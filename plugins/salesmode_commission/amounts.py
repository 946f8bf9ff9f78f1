"""Exact amounts: rates, steps, caps, and shares that add up to the cent (D79). No floats, half-even
rounding.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, localcontext

from salesmode_commission.plans import Pay, Scale, Step

HUNDRED = Decimal(100)


def rounded(amount: Decimal, places: int) -> Decimal:
    """Half-even, with exactly so many places."""
    with localcontext(prec=60):
        return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)


def paid(pay: Pay, base: Decimal, level: str | None = None, *, factor: Decimal = Decimal(1)) -> Decimal:
    """What a base earns, not yet rounded. A cap holds whatever the factor, and both ways, so what is clawed
    back is capped alike.
    """
    with localcontext(prec=60):
        value = pay.by_level.get(level or "", pay.value)
        match pay.kind:
            case "rate":
                found = base * value / HUNDRED
            case "amount":
                found = value
            case "each":
                found = base * value
            case "scale":
                assert pay.scale is not None
                found = scaled(pay.scale, base)
        found *= factor
        return found if pay.cap is None else max(-pay.cap, min(pay.cap, found))


def rate_of(pay: Pay, base: Decimal, level: str | None = None) -> Decimal | None:
    """The rate in per cent that applied, for the ledger; None where there is no single one."""
    if pay.kind == "rate":
        return pay.by_level.get(level or "", pay.value)
    if pay.kind == "scale" and pay.scale is not None and not pay.scale.cumulative:
        return reached(pay.scale.steps, base)
    return None


def scaled(scale: Scale, base: Decimal) -> Decimal:
    """By steps of rates; nothing below the first step."""
    with localcontext(prec=60):
        if not scale.cumulative:
            return base * reached(scale.steps, base) / HUNDRED
        ends = [each.start for each in scale.steps[1:]] + [None]
        slices = (
            (max(Decimal(0), (base if end is None else min(base, end)) - step.start), step.value)
            for step, end in zip(scale.steps, ends, strict=True)
        )
        return sum((part * rate / HUNDRED for part, rate in slices), Decimal(0))


def reached(steps: Sequence[Step], base: Decimal, otherwise: Decimal = Decimal(0)) -> Decimal:
    """The value of the last step that begins at or below the base."""
    return next((each.value for each in reversed(steps) if each.start <= base), otherwise)


def allocated(amount: Decimal, shares: Mapping[str, Decimal], places: int) -> dict[str, Decimal]:
    """An amount in so many places, divided by shares that add up to 1, to the last place: what is left goes
    to the largest remainders, of equal ones to the first name. A negative amount is divided like its
    positive.
    """
    if amount < 0:
        return {name: -each for name, each in allocated(-amount, shares, places).items()}
    unit = Decimal(1).scaleb(-places)
    with localcontext(prec=60):
        exact = {name: amount * share / unit for name, share in shares.items()}
        floors = {name: each.to_integral_value(rounding=ROUND_FLOOR) for name, each in exact.items()}
        left = int((amount / unit - sum(floors.values())).to_integral_value(rounding=ROUND_HALF_EVEN))
        order = sorted(exact, key=lambda name: (floors[name] - exact[name], name))
        more = set(order[:left])
        return {name: (each + (name in more)) * unit for name, each in floors.items()}
