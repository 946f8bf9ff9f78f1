"""What follows when rows have entered a stage, once it is certain that they may."""

from collections.abc import Iterable

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.records.entries import Entry
from salesmode.records.new import NewRows, created
from salesmode.records.stays import stay
from salesmode.records.subject import Subject
from salesmode.records.tasks import make_tasks
from salesmode.records.written import Written


def arrive(rows: Iterable[tuple[Subject, Written]], environment: Environment) -> UnitOf[list[Entry]]:
    """Keep the stays of those rows that entered a stage, and make its tasks; gives the tasks' history."""
    arrived = [(subject, row) for subject, row in rows if row.going is not None]
    tasks = yield from make_tasks(arrived, environment)
    begun = [(each.subject, row) for each in tasks for row in each.rows if row.going is not None]
    yield from stay([*arrived, *begun], environment)
    return list(created(tasks))


def newcomers(new: Iterable[NewRows]) -> list[tuple[Subject, Written]]:
    """The rows one by one."""
    return [(each.subject, row) for each in new for row in each.rows]
