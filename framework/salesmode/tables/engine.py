"""The engine's own tables. What a room does not use yet is not here yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Integer
from sqlalchemy.types import TypeEngine

from salesmode.database.statement import Dialect
from salesmode.diagnostics import Span
from salesmode.fieldtypes import field_type
from salesmode.model.field import Field
from salesmode.model.label import Label

METADATA = "sm_metadata"
CHANGE = "sm_change"
SEQUENCE = "sm_sequence"
API_KEY = "sm_api_key"


@dataclass(frozen=True, slots=True)
class EngineTable:
    """One table: columns by name with their types (the first is the key), and what of it is indexed."""

    name: str
    columns: Mapping[str, TypeEngine[Any]]
    nullable: frozenset[str] = frozenset()
    indexed: tuple[tuple[str, ...], ...] = ()


def engine_tables(dialect: Dialect) -> tuple[EngineTable, ...]:
    """What is applied, every change of a field, the counters of automatic numbers, and the keys of the API.

    `sm_change` has no foreign keys: it is only ever appended to, outlives the rows it tells about, and can be
    partitioned. Its `field` is null in the rows for a deletion and a restore. `sm_api_key` has the hash of a
    key and never the key; `roles` is a JSON list.
    """
    id_, text, instant = (_type(kind, dialect) for kind in ("id", "text", "datetime"))
    return (
        EngineTable(
            METADATA,
            {
                "id": Integer(),
                "at": instant,
                "model_version": text,
                "shape": text,
                "operations": text,
                "undoes": Integer(),
            },
            nullable=frozenset({"undoes"}),
        ),
        EngineTable(
            CHANGE,
            {
                "id": id_,
                "at": instant,
                "by_id": id_,
                "operation": text,
                "object": text,
                "record_id": id_,
                "version": Integer(),
                "field": text,
                "old": text,
                "new": text,
            },
            nullable=frozenset({"by_id", "field", "old", "new"}),
            indexed=(("object", "record_id", "at"),),
        ),
        EngineTable(SEQUENCE, {"name": text, "value": BigInteger()}),
        EngineTable(
            API_KEY,
            {
                "prefix": text,
                "hash": text,
                "user_id": id_,
                "name": text,
                "roles": text,
                "created_at": instant,
                "expires_at": instant,
                "revoked_at": instant,
                "last_used_at": instant,
            },
            nullable=frozenset({"name", "roles", "expires_at", "revoked_at", "last_used_at"}),
        ),
    )


def plain_field(kind: str, scale: int = 0) -> Field:
    """A field of a type and nothing more, for asking its type about columns and values."""
    return Field(kind, kind, kind, Label({}), Span("", 0, 0), scale=scale)


def _type(kind: str, dialect: Dialect) -> TypeEngine[Any]:
    return field_type(kind).column_type(plain_field(kind), dialect)
