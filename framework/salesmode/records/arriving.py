"""What follows when rows have entered a stage, once it is certain that they may."""

from collections.abc import Iterable
from typing import NamedTuple

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.diagnostics import Message, Refusal
from salesmode.records.converting import make_records
from salesmode.records.entries import Entry
from salesmode.records.new import NewRows, created
from salesmode.records.stays import stay
from salesmode.records.subject import Subject
from salesmode.records.tasks import make_tasks
from salesmode.records.written import Written

_DEEPEST = 8


class Made(NamedTuple):
    """The rows that stages have made, and the history of what was made."""

    rows: list[tuple[Subject, Written]]
    entries: list[Entry]


def arrive(rows: Iterable[tuple[Subject, Written]], environment: Environment) -> UnitOf[Made]:
    """Keep the stays of those rows that entered a stage, and make its tasks and its records; so with those of
    them that begin in a stage. Stages that make each other's records without end are refused.
    """
    made = Made([], [])
    arrived = [(subject, row) for subject, row in rows if row.going is not None]
    for _ in range(_DEEPEST):
        if not arrived:
            return made
        yield from stay(arrived, environment)
        tasks = yield from make_tasks(arrived, environment)
        records, linked = yield from make_records(arrived, environment)
        new = newcomers([*tasks, *records])
        made.rows.extend(new)
        made.entries.extend([*created([*tasks, *records]), *linked])
        arrived = [(subject, row) for subject, row in new if row.going is not None]
    raise Refusal("VALIDATION_FAILED", Message("stages_in_circle"))


def newcomers(new: Iterable[NewRows]) -> list[tuple[Subject, Written]]:
    """The rows one by one."""
    return [(each.subject, row) for each in new for row in each.rows]
