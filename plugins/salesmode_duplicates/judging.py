"""Whose a record is, from the claims alone: the first clause that names somebody, and shares by clause."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from salesmode.hookspecs import Claim, Ruling
from salesmode_duplicates.rules import Clause, RulingRule

_WHOLE = 100


def judged(rule: RulingRule, record: str, claims: Sequence[Claim]) -> Ruling | None:
    """None where nobody is named. What is not divided is the owner's."""
    named = {str(each.evidence["clause"]): each for each in reversed(claims) if "clause" in each.evidence}
    deciding = next((each for each in rule.clauses if each.name in named), None)
    if deciding is None:
        return None
    owner = named[deciding.name].user
    return Ruling(
        record=record,
        shares=_shares(rule, named, owner),
        rule=rule.name,
        reason=_reason(deciding, named[deciding.name]),
    )


def owner_of(rule: RulingRule, claims: Sequence[Claim]) -> tuple[str, Claim] | None:
    """The clause that decides, and its claim."""
    for clause in rule.clauses:
        for claim in claims:
            if claim.evidence.get("clause") == clause.name:
                return clause.name, claim
    return None


def _shares(rule: RulingRule, named: Mapping[str, Claim], owner: str) -> Mapping[str, Decimal]:
    points: dict[str, int] = {owner: 0}
    for clause in rule.clauses:
        if clause.share and clause.name in named:
            user = named[clause.name].user
            points[user] = points.get(user, 0) + clause.share
    points[owner] += _WHOLE - sum(points.values())
    return {user: Decimal(each) / _WHOLE for user, each in points.items() if each}


def _reason(clause: Clause, claim: Claim) -> str:
    if "reason" in claim.evidence:
        return str(claim.evidence["reason"])
    when = f" {str(claim.evidence['at'])[:10]}" if "at" in claim.evidence else ""
    return f"{clause.name}: {clause.ground}{when}"
