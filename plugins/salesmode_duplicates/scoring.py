"""How sure it is that two records are the same: points for what agrees, less those for what contradicts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from salesmode_duplicates.forms import Prepared
from salesmode_duplicates.likeness import alike
from salesmode_duplicates.normal import Form
from salesmode_duplicates.rules import Comparison, MatchRule


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one comparison found: how alike, and what that adds to the score or takes away from it."""

    comparison: Comparison
    likeness: float
    points: int


@dataclass(frozen=True, slots=True)
class Score:
    """Of two records under one rule: 0 to 100. `evidence` leaves out what could not be compared."""

    points: int
    evidence: tuple[Evidence, ...]


def score(rule: MatchRule, left: Prepared, right: Prepared) -> Score:
    """How sure it is that the two are the same."""
    pairs = zip(rule.compare, left.forms, right.forms, strict=True)
    return scored(_found(each, one, two) for each, one, two in pairs if one and two)


def scored(found: Iterable[Evidence]) -> Score:
    """What the evidence adds up to."""
    evidence = tuple(found)
    return Score(max(0, min(100, sum(each.points for each in evidence))), evidence)


def _found(comparison: Comparison, left: Sequence[Form], right: Sequence[Form]) -> Evidence:
    likeness = max(alike(comparison.likeness, one, two) for one in left for two in right)
    points = round(comparison.points * likeness) if likeness else -comparison.against
    return Evidence(comparison, likeness, points)
