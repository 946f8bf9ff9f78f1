"""New rows: what inputs say becomes whole rows, which are written and judged together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.diagnostics import Message, Problem, Refusal
from salesmode.records.binding import many
from salesmode.records.choosing import choose
from salesmode.records.collisions import judged
from salesmode.records.creation import creation, forcing, insertion
from salesmode.records.entries import Entry
from salesmode.records.filling import filled
from salesmode.records.history import changed
from salesmode.records.hooking import before
from salesmode.records.judging import Findings
from salesmode.records.keeping import keep
from salesmode.records.nested import Batch, Draft
from salesmode.records.numbering import number
from salesmode.records.references import Referred, hold
from salesmode.records.shape import required, shaped
from salesmode.records.stages import begin
from salesmode.records.subject import Subject
from salesmode.records.written import Written


@dataclass(frozen=True, slots=True)
class NewRows:
    """All new rows of one object."""

    subject: Subject
    rows: Sequence[Written]


def shape_new(
    drafted: Sequence[Batch], environment: Environment, problems: list[Problem]
) -> tuple[NewRows, ...]:
    """Whole rows of what the inputs say; what is wrong with an input is added to the problems."""
    return tuple(
        NewRows(each.subject, [_row(each.subject, draft, environment, problems) for draft in each.drafts])
        for each in drafted
    )


def _row(subject: Subject, draft: Draft, environment: Environment, problems: list[Problem]) -> Written:
    wrong: list[Problem] = []
    if not draft.linked.keys().isdisjoint(draft.given):
        raise Refusal("BAD_REQUEST", Message("linked_already"))
    supplied = shaped(subject, "create", draft.given, path=draft.path, problems=wrong) | dict(draft.linked)
    names = frozenset(supplied)
    values = filled(subject, supplied, forcing(subject, names), environment, draft.presets)
    values["id"] = draft.id
    going = begin(subject, supplied, values, environment, path=draft.path, problems=wrong)
    told = {each.path for each in wrong}
    problems += wrong
    problems += (each for each in required(subject, values, draft.path) if each.path not in told)
    return Written(draft.id, draft.path, names, values, frozenset(draft.linked), going=going)


def write_new(new: Sequence[NewRows], environment: Environment) -> UnitOf[tuple[NewRows, ...]]:
    """What plugins give the rows; then lock → write (RULING 10): numbers, what the rows refer to, the rows
    (one INSERT for each object), what rules choose for them, and what is stored of them elsewhere. Gives the
    rows as they were written.
    """
    new = yield from _given(new, environment)
    for each in new:
        yield from number(each.subject, each.rows, environment)
    for each in new[:1]:
        yield from hold(each.subject, _referred(new), environment)
    for each in new:
        yield many(insertion(each.subject), [row.values for row in each.rows], environment)
    for each in new:
        yield from choose(each.subject, each.subject.object.fields, each.rows, environment)
    for each in new:
        yield from keep(each.subject, each.rows, environment)
    return new


def _given(new: Sequence[NewRows], environment: Environment) -> UnitOf[tuple[NewRows, ...]]:
    found = []
    for each in new:
        rows = yield from before(each.subject, "create", each.rows, environment)
        found.append(NewRows(each.subject, rows))
    return tuple(found)


def _referred(new: Sequence[NewRows]) -> Iterator[Referred]:
    for each in new:
        for row in each.rows:
            for name in row.supplied - row.linked - row.given:
                yield each.subject, name, row.values[name]


def judge_new(new: Sequence[NewRows], environment: Environment, findings: Findings) -> UnitOf[None]:
    """Rights, rules and validations, all about the new rows; one statement for each object."""
    for each in new:
        supplied = frozenset[str]().union(*(row.supplied for row in each.rows))
        passages = frozenset(row.going.passage for row in each.rows if row.going is not None)
        given = frozenset[str]().union(*(row.given for row in each.rows))
        law = creation(each.subject, supplied, passages, given)
        apart = partial(_apart, each.subject, environment)
        yield from judged(law, each.rows, apart, environment=environment, findings=findings)


def _apart(subject: Subject, environment: Environment, rows: Sequence[Written]) -> UnitOf[None]:
    yield many(insertion(subject, apart=True), [row.values for row in rows], environment)
    yield from choose(subject, subject.object.fields, rows, environment)


def created(new: Sequence[NewRows]) -> Iterator[Entry]:
    """The history of the new rows."""
    for each in new:
        yield from changed(each.subject, "created", each.rows)
