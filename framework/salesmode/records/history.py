"""What `sm_change` remembers: a row for each field that changed, and one where a record went or came back."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

import orjson
from sqlalchemy import Table, insert

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Dialect, Statement, render
from salesmode.fieldtypes import slot_of
from salesmode.model.condition import Argument
from salesmode.model.field import Field
from salesmode.records.announcing import announce
from salesmode.records.binding import many
from salesmode.records.entries import Entry, Operation
from salesmode.records.filling import new_id
from salesmode.records.notices import notice
from salesmode.records.subject import Subject
from salesmode.records.written import Written, equal
from salesmode.tables.engine import plain_field

_KINDS = {"id": "id", "at": "datetime", "by_id": "id", "record_id": "id", "version": "integer"}


def changed(subject: Subject, operation: Operation, rows: Sequence[Written]) -> Iterator[Entry]:
    """What the writes changed, field by field; secrets and fields with `history: false` are left out."""
    kept = [each for each in subject.stored if each.history and not each.system and each.type != "secret"]
    for row in rows:
        for field in kept:
            old, new = row.old.get(field.name), row.now(field.name)
            if not equal(field, old, new):
                texts = json_text(field, old), json_text(field, new)
                yield Entry(operation, subject.object.name, row.id, row.version, field.name, *texts)


def record(subject: Subject, entries: Sequence[Entry], environment: Environment) -> UnitOf[None]:
    """Write the entries, in one step, and tell who waits for them, now or later."""
    if entries:
        shared = {"at": environment.now, "by_id": environment.user.get("id")}
        rows = [{**shared, "id": new_id(), **each._asdict()} for each in entries]
        yield many(_insertion(subject.tables.change, subject.dialect), rows, environment)
        if subject.dialect == "postgresql":
            yield notice(dict.fromkeys((each.object, each.record_id, each.version) for each in entries))
        yield from announce(subject.tables, entries, environment)


@lru_cache(maxsize=64)
def _insertion(change: Table, dialect: Dialect) -> Statement:
    values = {
        each.name: slot_of(Argument((each.name,)), plain_field(_KINDS.get(each.name, "text")), dialect)
        for each in change.c
    }
    return render(insert(change).values(values), dialect)


def json_text(field: Field, value: object) -> str | None:
    """A canonical value as clients see it: the same JSON that the database makes of the column."""
    return None if value is None else orjson.dumps(_plain(field, value)).decode()


def _plain(field: Field, value: object) -> object:
    match value:
        case Decimal():
            return f"{value:.{field.scale}f}"
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case int() if field.type == "big_integer":
            return str(value)
        case _:
            return value
