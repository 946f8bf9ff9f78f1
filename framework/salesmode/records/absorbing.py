"""Records that became one: the history of the one that is left tells that of the others too (D71).

`sm_merged` has a row for each record and each record that it became a part of, directly or by way of others,
so that a history is one look-up.
"""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import ColumnElement, Table, delete, insert, select

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Dialect, Statement, render
from salesmode.fieldtypes import slot_of
from salesmode.model.condition import Argument
from salesmode.records.binding import many, one
from salesmode.records.filling import new_id
from salesmode.records.lists import listed
from salesmode.records.subject import Subject, WriteScope, subject_of
from salesmode.records.verbs import verb
from salesmode.tables.engine import plain_field

_PARTS = "parts"


@verb
def absorb(
    scope: WriteScope, object_name: str, parts: Sequence[str], into: str, environment: Environment
) -> UnitOf[None]:
    """These records, and what had become a part of them, are parts of `into` from now on."""
    subject = subject_of(scope, object_name)
    every = (*parts, *(yield from _parts_of(subject, parts, environment)))
    rows = [{"id": new_id(), "record_id": each, "into_id": into} for each in every]
    yield many(_insertion(subject.tables.merged, subject.dialect), rows, environment)


@verb
def release(
    scope: WriteScope, object_name: str, parts: Sequence[str], from_: str, environment: Environment
) -> UnitOf[None]:
    """They are records of their own again."""
    subject = subject_of(scope, object_name)
    every = (*parts, *(yield from _parts_of(subject, parts, environment)))
    yield one(
        _deletion(subject.tables.merged, subject.dialect), {_PARTS: every, "into_id": from_}, environment
    )


def _parts_of(subject: Subject, records: Sequence[str], environment: Environment) -> UnitOf[list[str]]:
    rows = yield one(
        _selection(subject.tables.merged, subject.dialect), {_PARTS: tuple(records)}, environment
    )
    return [str(id_) for (id_,) in rows]


@lru_cache(maxsize=16)
def _insertion(merged: Table, dialect: Dialect) -> Statement:
    values = {each.name: slot_of(Argument((each.name,)), plain_field("id"), dialect) for each in merged.c}
    return render(insert(merged).values(values), dialect)


@lru_cache(maxsize=16)
def _selection(merged: Table, dialect: Dialect) -> Statement:
    return render(select(merged.c.record_id).where(_among(merged.c.into_id, dialect)), dialect)


@lru_cache(maxsize=16)
def _deletion(merged: Table, dialect: Dialect) -> Statement:
    into = merged.c.into_id == slot_of(Argument(("into_id",)), plain_field("id"), dialect)
    return render(delete(merged).where(into, _among(merged.c.record_id, dialect)), dialect)


def _among(column: ColumnElement[str], dialect: Dialect) -> ColumnElement[bool]:
    ids = slot_of(Argument((_PARTS,)), plain_field("id"), dialect, many=True)
    return column.in_(select(listed([ids], dialect).values[0]))
