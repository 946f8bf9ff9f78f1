"""A plan: what would be done, and what stands against it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from salesmode.tables.migrations.operations import AddConstraint, ChangeColumn, Operation
from salesmode.tables.migrations.origins import Origins
from salesmode.tables.migrations.questions import Question, questions
from salesmode.tables.migrations.script import Script
from salesmode.tables.migrations.wording import Effect, effect, sentence
from salesmode.tables.shape import Index, Shape

_AGAIN = "declare it again and apply, which makes it anew and empty; older applies are left alone"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its effect on what is there, its text, and the numbers of rows that were counted for it."""

    effect: Effect
    text: str
    operation: Operation
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """Rows contradict a step, or it would lose their values: how many, and what to do."""

    step: str
    text: str
    rows: int
    fix: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps from the shape `before`, in their order. With refusals, none of them is applied.

    `gone`: what an undo cannot take back, as its steps were called.
    """

    before: Shape
    steps: tuple[Step, ...]
    refusals: tuple[Refused, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def destructive(self) -> bool:
        return any(step.effect == "destructive" for step in self.steps)


def examine(connection: Connection, script: Script) -> Plan:
    """The plan of a script, with every question answered by the database as it is."""
    if not script.operations:
        return Plan(script.before, ())
    origins, shape = Origins(script.before), script.before
    steps: list[Step] = []
    refusals: list[Refused] = []
    wrong: set[tuple[str, str]] = set()
    for operation in script.operations:
        asked = () if _rests_on(operation, wrong) else questions(shape, origins, operation)
        answers = [(each, connection.execute(each.count).scalar_one()) for each in asked]
        step, refused = _answered(operation, shape, answers)
        if refused and isinstance(operation, ChangeColumn):
            wrong.add((operation.table, operation.new.name))
        steps.append(step)
        refusals.extend(refused)
        origins.follow(operation)
        shape = operation.after(shape)
    return Plan(script.before, tuple(steps), tuple(refusals))


def _rests_on(operation: Operation, wrong: set[tuple[str, str]]) -> bool:
    """Whether it is a constraint on values that cannot become what they should: no use to ask about them."""
    if not isinstance(operation, AddConstraint):
        return False
    constraint = operation.constraint
    columns = constraint.columns if isinstance(constraint, Index) else (constraint.column,)
    return any((operation.table, column) in wrong for column in columns)


def _answered(
    operation: Operation, shape: Shape, answers: list[tuple[Question, int]]
) -> tuple[Step, list[Refused]]:
    step = Step(effect(operation), sentence(operation, shape), operation)
    refused = [
        Refused(step.text, counted(rows, question.text), rows, question.fix)
        for question, rows in answers
        if question.fix is not None and rows
    ]
    for question, rows in answers:
        if question.fix is None and (rows or question.drops):
            step = replace(step, text=f"{step.text}: {counted(rows, question.text)}", rows=rows)
    return step, refused


def without_loss(plan: Plan, fix: str) -> Plan:
    """The plan with a refusal for each step that is destructive."""
    lossy = [step for step in plan.steps if step.effect == "destructive"]
    more = tuple(Refused(step.text, "what is dropped is lost", step.rows, fix) for step in lossy)
    return replace(plan, refusals=(*plan.refusals, *more))


def harmless(plan: Plan) -> Plan:
    """The plan with its drops called safe where no row has anything to lose."""
    steps = (
        replace(step, effect="safe") if step.effect == "destructive" and not step.rows else step
        for step in plan.steps
    )
    return replace(plan, steps=tuple(steps))


def without_return(plan: Plan, gone: Sequence[str]) -> Plan:
    """The plan of an undo of an apply that dropped something. If it did nothing else, each drop refuses: who
    undoes again must not take back an older apply without knowing.
    """
    if plan.steps or plan.refusals:
        return replace(plan, gone=tuple(gone))
    refused = (Refused(each, "what was dropped is lost and cannot be taken back", 0, _AGAIN) for each in gone)
    return replace(plan, refusals=tuple(refused))


def counted(rows: int, text: str) -> str:
    return f"{rows} {'row' if rows == 1 else 'rows'} {text}".rstrip()
