"""Taking stock: what all records of an object with pipelines hold is put on record, by one statement (D33).

All living records are in a snapshot, closed ones too, so that any two of them can be compared; what each
reader is told of it follows from what they may read of the records.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Numeric,
    Text,
    cast,
    func,
    insert,
    literal_column,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import BYTEA, UUID

from salesmode.access.scope import PolicyScope
from salesmode.conditions.scope import Source
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Dialect, Statement, render
from salesmode.diagnostics import Refusal
from salesmode.fieldtypes import field_type, slot_of
from salesmode.fieldtypes.sql import integer_literal, text_literal
from salesmode.model.condition import Argument
from salesmode.model.field import Field
from salesmode.model.pipeline import PIPELINE, STAGE, STATUS
from salesmode.model.snapshot import ITEM, SNAPSHOT
from salesmode.pipelines.expected import Standing, forecast
from salesmode.pipelines.worth import of_pipeline, scaled
from salesmode.records.binding import one
from salesmode.records.create import create
from salesmode.records.filling import stamp
from salesmode.records.subject import OWNER, Subject, WriteScope, subject_of

_STAMPED = ("created_at", "updated_at")
_VERSION_BITS = (52, 53)


def take_snapshot(
    scope: WriteScope, object_name: str, name: str, environment: Environment
) -> UnitOf[tuple[str, ...]]:
    """Put on record what all records of the object hold now, whoever takes it; gives the id of the snapshot.

    It needs the right `snapshot` on the object, or the scope of the system: FORBIDDEN without.
    """
    if isinstance(scope, PolicyScope) and not scope.policy.objects[object_name].snapshot:
        raise Refusal("FORBIDDEN")
    subject = subject_of(scope, object_name)
    given = [{"name": name, "object": object_name}]
    ids = yield from create(subject.system, SNAPSHOT, given, environment, paths=[()])
    row = {SNAPSHOT: ids[0], "created_at": environment.now, **stamp(environment)}
    yield one(_items(subject_of(subject.system, object_name)), row, environment)
    return ids


@lru_cache(maxsize=64)
def _items(subject: Subject) -> Statement:
    """One INSERT for all records."""
    source = subject.system.source(subject.object.name)
    items = subject.of(ITEM)
    values = dict(_values(subject, source, items))
    rows = select(*values.values()).select_from(source.table).where(subject.system.rows(source))
    return render(insert(items.table).from_select(list(values), rows), subject.dialect)


def _values(subject: Subject, source: Source, items: Subject) -> Iterator[tuple[str, ColumnElement[Any]]]:
    """What an item holds, by column."""
    fields, dialect = items.object.fields, subject.dialect
    pipelines = tuple(subject.pipelines.values())

    def own(name: str) -> ColumnElement[Any]:
        return subject.system.readable(source, name).value

    def amount(name: str) -> ColumnElement[Any]:
        return scaled(own(name), source.object.fields[name], fields["amount"].scale, dialect)

    stage = own(STAGE) if STAGE in source.object.fields else cast(null(), Text())
    at = Standing(own(PIPELINE), stage, own(STATUS))
    found: dict[str, ColumnElement[Any]] = {
        "id": _new_id(dialect),
        **{name: slot_of(Argument((name,)), fields[name], dialect) for name in (SNAPSHOT, *_STAMPED)},
        "version": integer_literal(1),
        subject.object.name: source.table.c.id,
        PIPELINE: at.pipeline,
        STAGE: at.stage,
        STATUS: at.status,
        "category": forecast(pipelines, at),
        "amount": of_pipeline("amount", pipelines, at.pipeline, amount, _nothing(fields["amount"], dialect)),
        "close_date": of_pipeline(
            "close_date", pipelines, at.pipeline, own, _nothing(fields["close_date"], dialect)
        ),
    }
    if OWNER in source.object.fields:
        found[OWNER] = own(OWNER)
    return ((fields[name].column, value) for name, value in found.items())


def _nothing(field: Field, dialect: Dialect) -> ColumnElement[Any]:
    return cast(null(), field_type(field.type).column_type(field, dialect))


def _new_id(dialect: Dialect) -> ColumnElement[Any]:
    """A UUIDv7 for each row: PostgreSQL before 18 has random ones, which get the time and the version."""
    if dialect == "sqlite":
        return func.sm_new_id(type_=Text())
    seconds = func.date_part(text_literal("epoch"), func.clock_timestamp())
    milliseconds = cast(seconds * literal_column("1000", Numeric()), BigInteger())
    time = func.substring(func.int8send(milliseconds), integer_literal(3), type_=BYTEA())
    bits = func.overlay(func.uuid_send(func.gen_random_uuid()), time, integer_literal(1), integer_literal(6))
    for bit in _VERSION_BITS:
        bits = func.set_bit(bits, integer_literal(bit), integer_literal(1))
    return cast(func.encode(bits, text_literal("hex")), UUID(as_uuid=False))
