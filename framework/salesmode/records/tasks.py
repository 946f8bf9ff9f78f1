"""Tasks that a stage makes for the records that enter it (D53)."""

from collections.abc import Iterator, Mapping

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment, moment
from salesmode.diagnostics import Problem, Refusal
from salesmode.model.condition import Moment
from salesmode.model.pipeline import StageTask
from salesmode.pipelines.passage import ends
from salesmode.records.collisions import settle
from salesmode.records.filling import new_id
from salesmode.records.judging import Findings
from salesmode.records.nested import Batch, Draft
from salesmode.records.new import NewRows, judge_new, shape_new, write_new
from salesmode.records.stays import Arrived
from salesmode.records.subject import Subject, subject_of
from salesmode.records.written import Written

TASK = "task"


def make_tasks(arrived: Arrived, environment: Environment) -> UnitOf[tuple[NewRows, ...]]:
    """Write the tasks of the stages that the rows have entered, with the system's rights."""
    found = list(_due(arrived))
    if not found:
        return ()
    tasks = subject_of(found[0][0].system, TASK)
    problems: list[Problem] = []
    drafts = [_draft(tasks, *each, environment) for each in found]
    new = shape_new([Batch(tasks, drafts)], environment, problems)
    if problems:
        raise Refusal("VALIDATION_FAILED", problems=problems)
    new = yield from write_new(new, environment)
    findings = Findings()
    yield from judge_new(new, environment, findings)
    yield from settle(findings, environment)
    return new


def _due(arrived: Arrived) -> Iterator[tuple[Subject, Written, StageTask]]:
    for subject, row in arrived:
        if row.going is not None:
            for task in ends(subject.tables.model, row.going.passage)[1].tasks:
                yield subject, row, task


def _draft(
    tasks: Subject, subject: Subject, row: Written, task: StageTask, environment: Environment
) -> Draft:
    due = task.due and Moment("now", task.due.amount, task.due.unit)
    values: Mapping[str, object] = {
        "subject": task.subject,
        "due": due and moment(due, environment),
        "assignee": task.assignee and row.now(task.assignee),
        "priority": task.priority,
    }
    linked = {subject.object.name: row.id} if subject.object.name in tasks.object.fields else {}
    return Draft(
        new_id(), row.path, {name: each for name, each in values.items() if each is not None}, linked
    )
