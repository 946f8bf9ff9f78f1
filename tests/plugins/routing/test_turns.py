"""Whose turn it is: fair after any number of records, and going on where the last request stopped."""

from collections import Counter
from decimal import Decimal

from hypothesis import given, strategies as st

from salesmode_routing.turns import UNIT, Contender, Table, give


def people(*weights: int, capacity: int | None = None) -> list[Contender]:
    return [Contender(f"user{at:03}", weight, capacity) for at, weight in enumerate(weights)]


def dealt(strategy: str, contenders: list[Contender], number: int, table: Table) -> list[str]:
    chosen = [give(strategy, contenders, table) for _ in range(number)]
    return [each.user for each in chosen if each is not None]


@given(st.integers(1, 12), st.integers(0, 60), st.integers(0, 60))
def test_turns_go_round_and_on_in_the_next_request(count: int, first: int, second: int) -> None:
    table = Table()
    order = dealt("round_robin", people(*[1] * count), first, table)
    order += dealt("round_robin", people(*[1] * count), second, Table(dict(table.turns)))
    assert order == [f"user{at % count:03}" for at in range(first + second)]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8).filter(any), st.integers(1, 200))
def test_weights_are_never_a_whole_record_away_from_the_exact_share(weights: list[int], number: int) -> None:
    table, counted = Table(), Counter[str]()
    contenders = people(*weights)
    for done in range(1, number + 1):
        counted.update(dealt("weighted", contenders, 1, table))
        for each in contenders:
            off = counted[each.user] * sum(weights) - done * each.weight
            assert abs(off) < sum(weights), (weights, done, counted)


@given(st.lists(st.integers(1, 9), min_size=2, max_size=6), st.integers(1, 30), st.integers(1, 30))
def test_weights_go_on_in_the_next_request(weights: list[int], first: int, second: int) -> None:
    whole, parts = Table(), Table()
    at_once = dealt("weighted", people(*weights), first + second, whole)
    in_two = dealt("weighted", people(*weights), first, parts)
    in_two += dealt("weighted", people(*weights), second, Table(dict(parts.turns), dict(parts.credits)))
    assert in_two == at_once


def test_a_newcomer_is_first_once() -> None:
    table = Table()
    dealt("round_robin", people(1, 1), 10, table)
    assert dealt("round_robin", people(1, 1, 1), 4, table) == ["user002", "user000", "user001", "user002"]


def test_who_weighs_nothing_gets_nothing() -> None:
    assert set(dealt("weighted", people(0, 2), 20, Table())) == {"user001"}
    assert dealt("weighted", people(0, 0), 3, Table()) == []


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.integers(1, 40))
def test_loads_are_levelled(loads: list[int], number: int) -> None:
    table = Table(loads={f"user{at:03}": load for at, load in enumerate(loads)})
    chosen = dealt("least_load", people(*[1] * len(loads)), number, table)
    least = min(table.load(user) for user in table.loads)
    assert all(table.load(user) <= least + 1 for user in chosen)


def test_who_is_full_gets_no_more_and_then_nobody_does() -> None:
    table = Table(loads={"user000": 1})
    assert dealt("round_robin", people(1, 1, capacity=2), 9, table) == ["user000", "user001", "user001"]
    assert give("least_load", people(1, 1, capacity=2), table) is None


def test_points_decide_and_equal_points_take_turns() -> None:
    scored = [
        Contender("a", score=Decimal(2)),
        Contender("b", score=Decimal(5)),
        Contender("c", score=Decimal(5)),
    ]
    assert dealt("score", scored, 4, Table()) == ["b", "c", "b", "c"]


def test_a_credit_from_another_time_is_paid_first() -> None:
    table = Table(credits={"user001": UNIT // 2})
    assert dealt("weighted", people(1, 1), 1, table) == ["user001"]
