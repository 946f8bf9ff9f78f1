"""What stands in the way of moving rows, as conditions among those that their law asks of the new rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from salesmode.diagnostics import Problem
from salesmode.model.condition import ALWAYS, NEVER, Compare, Condition, Literal, both, either, negated
from salesmode.model.pipeline import PIPELINE, Pipeline
from salesmode.pipelines.barrier import ROLE, Barrier, told
from salesmode.pipelines.passage import Passage, barriers, no_right
from salesmode.pipelines.places import place_field
from salesmode.records.atoms import Atoms, Truths
from salesmode.records.problems import problem
from salesmode.records.subject import Subject
from salesmode.records.written import Written


@dataclass(frozen=True, slots=True)
class Guard:
    """A barrier of one passage; the way is free where the condition of that index holds."""

    index: int
    passage: Passage
    barrier: Barrier


def guards(subject: Subject, atoms: Atoms, passages: Iterable[Passage]) -> tuple[Guard, ...]:
    """All that may be in the way; of several passages each is asked of the rows that take it."""
    found = tuple(sorted(passages, key=str))
    return tuple(
        guard for each in found for guard in _of_passage(subject, atoms, each, alone=len(found) == 1)
    )


def _of_passage(subject: Subject, atoms: Atoms, passage: Passage, *, alone: bool) -> Iterator[Guard]:
    model = subject.tables.model
    arrived = ALWAYS if alone else _arrived(model.pipelines[passage.pipeline], passage)
    for each in told(barriers(model, passage, subject.roles), subject.named):
        yield Guard(atoms.index(_where(arrived, each.free)), passage, each)


def _arrived(pipeline: Pipeline, passage: Passage) -> Condition:
    here = Compare(place_field(pipeline), "eq", Literal(passage.target))
    return both(Compare(PIPELINE, "eq", Literal(pipeline.name)), here)


def _where(arrived: Condition, free: Condition) -> Condition:
    """What nothing opens is not asked for."""
    return free if free in (ALWAYS, NEVER) else either(negated(arrived), free)


def blocked(subject: Subject, asked: Iterable[Guard], row: Written, truths: Truths) -> Iterator[Problem]:
    """What is in the way of the row. Who has no right to move it at all is told of no other role."""
    if row.going is None:
        return
    if row.going.barred:
        yield _problem(subject, no_right(subject.tables.model, row.going.passage), row)
    for each in asked:
        of_role = row.going.barred and each.barrier.code == ROLE
        if each.passage == row.going.passage and not truths[each.index] and not of_role:
            yield _problem(subject, each.barrier, row)


def _problem(subject: Subject, barrier: Barrier, row: Written) -> Problem:
    assert row.going is not None
    path = row.path if barrier.of_record else row.going.path
    return problem(
        subject, path, barrier.code, field=barrier.field, message=barrier.message, name=barrier.name
    )
