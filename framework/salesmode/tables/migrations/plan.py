"""A plan: what would be done, and what stands against it."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from salesmode.tables.migrations.operations import AddConstraint, ChangeColumn, Operation
from salesmode.tables.migrations.origins import Origins
from salesmode.tables.migrations.questions import Question, questions
from salesmode.tables.migrations.script import Script
from salesmode.tables.migrations.wording import Effect, effect, sentence
from salesmode.tables.shape import Check, Shape


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
    """Steps from the shape `before`, in their order. With refusals, none of them is applied."""

    before: Shape
    steps: tuple[Step, ...]
    refusals: tuple[Refused, ...] = ()

    @property
    def destructive(self) -> bool:
        return any(step.effect == "destructive" for step in self.steps)


def examine(connection: Connection, script: Script) -> Plan:
    """The plan of a script, with every question answered by the database as it is."""
    origins, shape = Origins(script.before), script.before
    steps: list[Step] = []
    refusals: list[Refused] = []
    wrong: set[tuple[str, str] | None] = set()
    for operation in script.operations:
        step = Step(effect(operation), sentence(operation, shape), operation)
        for question in questions(shape, origins, operation):
            rows = connection.execute(question.count).scalar_one()
            step = _told(step, question, rows)
            if question.fix is not None and rows and not _known(operation, wrong):
                refusals.append(Refused(step.text, counted(rows, question.text), rows, question.fix))
                wrong.add(_changed_column(operation))
        steps.append(step)
        origins.follow(operation)
        shape = operation.after(shape)
    return Plan(script.before, tuple(steps), tuple(refusals))


def _changed_column(operation: Operation) -> tuple[str, str] | None:
    return (operation.table, operation.new.name) if isinstance(operation, ChangeColumn) else None


def _known(operation: Operation, wrong: set[tuple[str, str] | None]) -> bool:
    """A range is not complained about where the type did already: on SQLite it is part of the type."""
    if not isinstance(operation, AddConstraint) or not isinstance(operation.constraint, Check):
        return False
    return (operation.table, operation.constraint.column) in wrong


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


def counted(rows: int, text: str) -> str:
    return f"{rows} {'row' if rows == 1 else 'rows'} {text}".rstrip()


def _told(step: Step, question: Question, rows: int) -> Step:
    if question.fix is not None or (rows == 0 and not question.drops):
        return step
    return replace(step, text=f"{step.text}: {counted(rows, question.text)}", rows=rows)
