"""Whose a record is, from claims alone."""

from decimal import Decimal

from hypothesis import given, strategies as st

from salesmode.hookspecs import Claim
from salesmode.model.label import Label
from salesmode_duplicates.judging import judged
from salesmode_duplicates.rules import Clause, RulingRule

RULE = RulingRule(
    name="whose",
    label=Label({"en": "Whose"}),
    object="household",
    clauses=(
        Clause(name="manual", ground="manual"),
        Clause(name="first", ground="first_contact", share=30),
        Clause(name="last", ground="last_follow_up", share=60),
    ),
    roles=frozenset(),
)


def claim(clause: str, user: str) -> Claim:
    return Claim(user=user, kind=clause, evidence={"clause": clause, "at": "2026-01-02T03:04:05"})


def shares(*claims: Claim) -> dict[str, str] | None:
    ruling = judged(RULE, "1", claims)
    return None if ruling is None else {user: str(each) for user, each in ruling.shares.items()}


def test_the_first_clause_that_names_somebody_decides_and_gets_what_is_not_divided() -> None:
    assert shares(claim("first", "ann"), claim("last", "bob")) == {"ann": "0.4", "bob": "0.6"}
    assert shares(claim("last", "bob")) == {"bob": "1"}
    assert shares(claim("first", "ann"), claim("last", "ann")) == {"ann": "1"}


def test_a_claim_by_hand_goes_before_all_others_and_the_credit_is_still_divided() -> None:
    found = judged(RULE, "1", [claim("manual", "cat"), claim("first", "ann"), claim("last", "bob")])
    assert found is not None
    assert dict(found.shares) == {"cat": Decimal("0.1"), "ann": Decimal("0.3"), "bob": Decimal("0.6")}
    assert found.rule == "whose"
    assert found.reason == "manual: manual 2026-01-02"


def test_nobody_is_named_by_nothing() -> None:
    assert shares() is None
    assert judged(RULE, "1", [Claim(user="x", kind="other", evidence={})]) is None


@given(
    users=st.lists(st.sampled_from(["ann", "bob", "cat"]), min_size=3, max_size=3),
    points=st.tuples(*[st.integers(0, 33)] * 3),
)
def test_shares_add_up_to_the_whole(users: list[str], points: tuple[int, int, int]) -> None:
    clauses = tuple(
        Clause(name=name, ground="manual", share=share) for name, share in zip("abc", points, strict=True)
    )
    rule = RulingRule(
        name="r", label=Label({"en": "R"}), object="household", clauses=clauses, roles=frozenset()
    )
    found = judged(rule, "1", [claim(name, user) for name, user in zip("abc", users, strict=True)])
    assert found is not None
    assert sum(found.shares.values()) == 1
    assert all(each > 0 for each in found.shares.values())
