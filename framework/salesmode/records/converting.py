"""What a stage makes of the records that enter it (D1): a qualified lead becomes a customer and a deal.

It is a rule of the metadata, so it is done with the system's rights, for the one who moved the record. Where
the record's reference is filled already nothing is made, so coming back to the stage makes nothing twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import select

from salesmode.conditions.compile import compile_condition
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.database.unit import ManyStep
from salesmode.diagnostics import Problem, Refusal
from salesmode.fieldtypes import field_type
from salesmode.model.condition import Compare, Condition, Literal, RowValue, both
from salesmode.model.pipeline import PIPELINE, Creation
from salesmode.pipelines.passage import ends
from salesmode.records.alteration import update_statement
from salesmode.records.binding import many, one
from salesmode.records.carrying import carry
from salesmode.records.checks import IDS, THESE
from salesmode.records.collisions import settle
from salesmode.records.entries import Entry
from salesmode.records.filling import new_id, resolved, stamp
from salesmode.records.history import changed
from salesmode.records.judging import Findings
from salesmode.records.nested import Batch, Draft
from salesmode.records.new import NewRows, judge_new, shape_new, write_new
from salesmode.records.stays import Arrived
from salesmode.records.subject import Subject, subject_of
from salesmode.records.written import Written


class _Wanting(NamedTuple):
    """A row that gets a new record, its version, and its own values that the new record takes."""

    row: Written
    version: int
    values: Mapping[str, object]


def make_records(arrived: Arrived, environment: Environment) -> UnitOf[tuple[list[NewRows], list[Entry]]]:
    """The new records of the stages that the rows have entered, and the history of what refers to them."""
    made: list[NewRows] = []
    entries: list[Entry] = []
    for subject, creation, rows in _by_creation(arrived):
        wanting = yield from _wanting(subject, creation, rows, environment)
        if wanting:
            new = yield from _made(subject, creation, wanting, environment)
            linked = [_linked(creation, *each) for each in zip(wanting, new.rows, strict=True)]
            yield _link(subject, creation, linked, environment)
            made.append(new)
            entries += changed(subject, "updated", linked)
            entries += yield from carry(subject, creation, linked, environment)
    return made, entries


def _by_creation(arrived: Arrived) -> Iterator[tuple[Subject, Creation, list[Written]]]:
    """In the order of each stage, so that one may lean on what those before it have made."""
    found: dict[tuple[str, str, int], tuple[Subject, Creation, list[Written]]] = {}
    for subject, row in arrived:
        assert row.going is not None
        passage = row.going.passage
        for at, each in enumerate(ends(subject.tables.model, passage)[1].creates):
            key = (passage.pipeline, passage.target, at)
            found.setdefault(key, (subject, each, []))[2].append(row)
    yield from found.values()


def _wanting(
    subject: Subject, creation: Creation, rows: Sequence[Written], environment: Environment
) -> UnitOf[list[_Wanting]]:
    taken = tuple(dict.fromkeys(value.field for _, value in creation.presets if isinstance(value, RowValue)))
    unmade = both(Compare(creation.into, "isNull", Literal(True)), creation.when)
    by_id = {each.id: each for each in rows}
    found = yield one(_reading(subject, unmade, taken), {IDS: tuple(by_id)}, environment)
    return [
        _Wanting(by_id[str(id_)], int(str(version)), _decoded(subject, taken, values))
        for id_, version, *values in found
    ]


@lru_cache(maxsize=256)
def _reading(subject: Subject, unmade: Condition, taken: tuple[str, ...]) -> Statement:
    """Computed fields can be taken too, and are computed of the rows as they now are."""
    source, scope = subject.source, subject.system
    columns = [scope.readable(source, name).value for name in taken]
    these = compile_condition(both(THESE, unmade), source, scope)
    id_ = source.table.c.id
    return render(select(id_, source.table.c.version, *columns).where(these).order_by(id_), subject.dialect)


def _decoded(subject: Subject, taken: Sequence[str], values: Sequence[object]) -> Mapping[str, object]:
    fields = [subject.object.fields[name] for name in taken]
    return {
        each.name: None if value is None else field_type(each.type).decode(each, value, subject.dialect)
        for each, value in zip(fields, values, strict=True)
    }


def _made(
    subject: Subject, creation: Creation, wanting: Sequence[_Wanting], environment: Environment
) -> UnitOf[NewRows]:
    target = subject_of(subject.system, creation.object)
    drafts = [
        Draft(new_id(), each.row.path, _given(target, creation, each.values, environment), {})
        for each in wanting
    ]
    problems: list[Problem] = []
    (new,) = shape_new([Batch(target, drafts)], environment, problems)
    if problems:
        raise Refusal("VALIDATION_FAILED", problems=problems)
    (new,) = yield from write_new([new], environment)
    findings = Findings()
    yield from judge_new([new], environment, findings)
    yield from settle(findings, environment)
    return new


def _given(
    target: Subject, creation: Creation, values: Mapping[str, object], environment: Environment
) -> Mapping[str, object]:
    """What is empty is not given, so that a default fills it."""
    fields = target.object.fields
    given = {name: resolved(value, fields[name], values, environment) for name, value in creation.presets}
    given |= {} if creation.pipeline is None else {PIPELINE: creation.pipeline}
    return {name: value for name, value in given.items() if value is not None}


def _linked(creation: Creation, wanting: _Wanting, new: Written) -> Written:
    row = wanting.row
    return Written(
        row.id,
        row.path,
        frozenset({creation.into}),
        {creation.into: new.id},
        old={creation.into: None},
        version=wanting.version + 1,
    )


def _link(
    subject: Subject, creation: Creation, rows: Sequence[Written], environment: Environment
) -> ManyStep:
    system = subject_of(subject.system, subject.object.name)
    statement = update_statement(system, frozenset({creation.into}))
    new = [{**each.values, **stamp(environment), IDS: (each.id,)} for each in rows]
    return many(statement, new, environment)
