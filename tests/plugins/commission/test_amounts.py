"""Exact amounts: steps, caps, and shares that add up to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from salesmode_commission.amounts import allocated, paid, rate_of, reached, rounded, scaled
from salesmode_commission.plans import Pay, Scale, Step

cents = st.integers(-(10**12), 10**12).map(lambda each: Decimal(each).scaleb(-2))


def steps(*pairs: tuple[int, str]) -> tuple[Step, ...]:
    return tuple(Step(Decimal(start), Decimal(value)) for start, value in pairs)


TIERS = steps((0, "1"), (1000, "2"), (5000, "3"))


@pytest.mark.parametrize(
    ("base", "cumulative", "slab"),
    [
        ("0", "0", "0"),
        ("999.99", "9.9999", "9.9999"),
        ("1000", "10", "20"),
        ("5000", "90", "150"),
        ("6000", "120", "180"),
    ],
)
def test_slices_at_their_own_rates_or_the_whole_at_the_one_it_reaches(
    base: str, cumulative: str, slab: str
) -> None:
    assert scaled(Scale(TIERS, cumulative=True), Decimal(base)) == Decimal(cumulative)
    assert scaled(Scale(TIERS, cumulative=False), Decimal(base)) == Decimal(slab)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_cumulative_steps_never_pay_less_for_more(one: int, other: int) -> None:
    less, more = sorted((Decimal(one), Decimal(other)))
    scale = Scale(TIERS, cumulative=True)
    assert scaled(scale, less) <= scaled(scale, more)


@given(cents, st.lists(st.integers(1, 100), min_size=1, max_size=7))
def test_shares_add_up_to_the_whole_and_none_is_off_by_a_cent(amount: Decimal, weights: list[int]) -> None:
    total = Decimal(sum(weights))
    shares = {f"u{at}": Decimal(each) / total for at, each in enumerate(weights)}
    found = allocated(amount, shares, 2)
    assert sum(found.values()) == amount
    for user, each in found.items():
        assert abs(each - amount * shares[user]) < Decimal("0.010001")


@given(cents, st.lists(st.integers(1, 100), min_size=1, max_size=7))
def test_what_is_taken_back_is_what_was_given(amount: Decimal, weights: list[int]) -> None:
    total = Decimal(sum(weights))
    shares = {f"u{at}": Decimal(each) / total for at, each in enumerate(weights)}
    back = allocated(-amount, shares, 2)
    assert {user: -each for user, each in back.items()} == allocated(amount, shares, 2)


def test_a_cap_holds_and_a_level_has_its_own_rate() -> None:
    pay = Pay("rate", Decimal(3), {"senior": Decimal(5)}, cap=Decimal(100))
    assert paid(pay, Decimal(1000)) == 30
    assert paid(pay, Decimal(1000), "senior") == 50
    assert paid(pay, Decimal(10_000)) == 100
    assert paid(pay, Decimal(-10_000)) == -100
    assert (rate_of(pay, Decimal(1)), rate_of(pay, Decimal(1), "senior")) == (3, 5)


def test_a_fixed_amount_and_one_for_each() -> None:
    assert paid(Pay("amount", Decimal(6000)), Decimal(7)) == 6000
    assert paid(Pay("each", Decimal("1.5")), Decimal(7)) == Decimal("10.5")


def test_rounding_is_half_even_with_all_places() -> None:
    assert str(rounded(Decimal("0.125"), 2)) == "0.12"
    assert str(rounded(Decimal("0.135"), 2)) == "0.14"
    assert str(rounded(Decimal("7"), 2)) == "7.00"


def test_below_the_first_step_there_is_what_was_said() -> None:
    assert reached(steps((100, "1.2"), (150, "1.5")), Decimal(99), Decimal(1)) == 1
    assert reached(steps((100, "1.2"), (150, "1.5")), Decimal(150), Decimal(1)) == Decimal("1.5")
