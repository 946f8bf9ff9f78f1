"""Levels of people in a plan, re-graded by what they did in the period before (D57)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from salesmode.hookspecs import Desk, UnitOf
from salesmode_commission.asked import LEVEL, plans_of
from salesmode_commission.plans import Plan


@dataclass(frozen=True, slots=True)
class Levels:
    """Of people on days; `first` is the level of who was never graded, if there are any."""

    found: Mapping[tuple[str, date], str]
    first: str | None

    def of(self, user: str, day: date) -> str | None:
        return self.found.get((user, day), self.first)


def levels_at(desk: Desk, plan: Plan, days: Collection[date]) -> UnitOf[Levels]:
    """The level of everybody on each of the days."""
    if plan.grading is None or not days:
        return Levels({}, None)
    where = {"plan": plan.name, "since": {"lte": max(days)}}
    rows = yield from desk.read(LEVEL, ["user", "level", "since"], where=where, order=["since"])
    found: dict[tuple[str, date], str] = {}
    for row in rows:
        found |= {(str(row["user"]), day): row["level"] for day in days if row["since"] <= day}
    return Levels(found, plan.grading.levels[0])


def graded(plan: Plan, measured: Decimal) -> str:
    """The level that a measure reaches; the first where it reaches none."""
    assert plan.grading is not None
    reached = [name for name, step in _levels(plan) if step <= measured]
    return reached[-1] if reached else plan.grading.levels[0]


def _levels(plan: Plan) -> Iterator[tuple[str, Decimal]]:
    assert plan.grading is not None
    for name, step in zip(plan.grading.levels, plan.grading.steps, strict=True):
        yield name, step.start


def plans_with_levels(desk: Desk) -> list[Plan]:
    """The plans that grade people."""
    return [each for each in plans_of(desk.model).values() if each.grading is not None]
