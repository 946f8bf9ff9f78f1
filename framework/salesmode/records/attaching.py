"""What grants and tags have in common: a change of what is attached to a record is a change of the record.

The record is the lock row (RULING 12). It gets another version, which its validations have to allow, and an
entry of its history.
"""

from collections.abc import Mapping
from functools import lru_cache

import orjson
from sqlalchemy import select

from salesmode.conditions.compile import compile_condition
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.diagnostics import Problem, Refusal
from salesmode.fieldtypes import field_type
from salesmode.model.condition import Argument, Compare, both
from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.records.alteration import update_statement
from salesmode.records.atoms import Atoms
from salesmode.records.binding import one
from salesmode.records.checks import IDS, Checks, checks
from salesmode.records.entries import Entry
from salesmode.records.filling import stamp
from salesmode.records.history import json_text, record
from salesmode.records.locking import Locked
from salesmode.records.problems import ID
from salesmode.records.rules import kept
from salesmode.records.subject import Subject, subject_of

Given = Mapping[str, object]


def is_seen(subject: Subject, object_name: str, id_: object, environment: Environment) -> UnitOf[bool]:
    """RULING 19: whether the caller sees the record; it is held until the transaction ends."""
    found = yield one(_seen(subject, object_name), {IDS: id_}, environment)
    return bool(found)


@lru_cache(maxsize=512)
def _seen(subject: Subject, object_name: str) -> Statement:
    source = subject.system.source(object_name)
    this = both(Compare("id", "eq", Argument((IDS,))), subject.rows(object_name))
    rows = select(source.table.c.id).where(
        subject.system.rows(source), compile_condition(this, source, subject.system)
    )
    held = rows.with_for_update(of=source.table, read=True, key_share=True)
    return render(held, subject.dialect)


def decoded(subject: Subject, field: Field, value: object) -> object:
    """A value of a row that was read, as its field knows it."""
    return None if value is None else field_type(field.type).decode(field, value, subject.dialect)


def told(subject: Subject, values: Given | None) -> str | None:
    """Values of a row of the subject's object as JSON text, for the history; dates and numbers as clients see
    them.
    """
    if values is None:
        return None
    fields = subject.object.fields
    texts = {name: json_text(fields[name], value) for name, value in values.items() if value is not None}
    return orjson.dumps({camel(name): orjson.Fragment(text) for name, text in texts.items() if text}).decode()


def remember(
    subject: Subject, row: Locked, what: str, old: str | None, new: str | None, *, environment: Environment
) -> UnitOf[tuple[str, ...]]:
    """Write the record's next version and its history, where `what` was changed; gives the record's id."""
    yield one(update_statement(subject, frozenset()), {IDS: (row.id,), **stamp(environment)}, environment)
    yield from _validate(subject, row, environment)
    entry = Entry("updated", subject.object.name, row.id, row.version + 1, what, old, new)
    yield from record(subject, [entry], environment)
    return (row.id,)


def _validate(subject: Subject, row: Locked, environment: Environment) -> UnitOf[None]:
    indexes, asked = _validations(subject_of(subject.system, subject.object.name))
    answer = yield from asked.ask({row.id: row.version + 1}, environment)
    for truths in answer.failing.values():
        each_at = zip(subject.object.validations, indexes, strict=True)
        broken = [Problem(ID, each.name, each.message) for each, at in each_at if not truths[at]]
        raise Refusal("VALIDATION_FAILED", problems=broken)


@lru_cache(maxsize=512)
def _validations(engine: Subject) -> tuple[tuple[int, ...], Checks]:
    """What the validations of the object ask for, and the place of each in the answer."""
    atoms = Atoms()
    indexes = tuple(atoms.index(kept(each)) for each in engine.object.validations)
    return indexes, checks(engine, atoms)
