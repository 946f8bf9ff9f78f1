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
LEASE = "sm_lease"
OUTBOX = "sm_outbox"
HANDLED = "sm_handled"
MERGED = "sm_merged"


@dataclass(frozen=True, slots=True)
class EngineTable:
    """One table: columns by name with their types (the first is the key), and what of it is indexed."""

    name: str
    columns: Mapping[str, TypeEngine[Any]]
    nullable: frozenset[str] = frozenset()
    indexed: tuple[tuple[str, ...], ...] = ()


COLUMNS: Mapping[str, Mapping[str, str]] = {
    METADATA: {
        "id": "integer",
        "at": "datetime",
        "model_version": "text",
        "shape": "text",
        "operations": "text",
        "undoes": "integer",
    },
    CHANGE: {
        "id": "id",
        "at": "datetime",
        "by_id": "id",
        "operation": "text",
        "object": "text",
        "record_id": "id",
        "version": "integer",
        "field": "text",
        "old": "text",
        "new": "text",
    },
    SEQUENCE: {"name": "text", "value": "big_integer"},
    API_KEY: {
        "prefix": "text",
        "hash": "text",
        "user_id": "id",
        "name": "text",
        "roles": "text",
        "created_at": "datetime",
        "expires_at": "datetime",
        "revoked_at": "datetime",
        "last_used_at": "datetime",
    },
    LEASE: {"name": "text", "holder": "text", "until": "datetime", "done_at": "datetime"},
    OUTBOX: {
        "id": "id",
        "listener": "text",
        "at": "datetime",
        "by_id": "id",
        "object": "text",
        "record_id": "id",
        "version": "integer",
        "operation": "text",
        "payload": "text",
        "attempts": "integer",
        "due_at": "datetime",
        "dead_at": "datetime",
        "error": "text",
    },
    HANDLED: {"key": "text", "job": "text", "record_id": "id", "occasion": "text", "at": "datetime"},
    MERGED: {"id": "id", "record_id": "id", "into_id": "id"},
}
"""The type of field that each column of each table stores."""

_NULLABLE: Mapping[str, frozenset[str]] = {
    METADATA: frozenset({"undoes"}),
    CHANGE: frozenset({"by_id", "field", "old", "new"}),
    API_KEY: frozenset({"name", "roles", "expires_at", "revoked_at", "last_used_at"}),
    OUTBOX: frozenset({"by_id", "due_at", "dead_at", "error"}),
}
_INDEXED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    CHANGE: (("object", "record_id", "at"),),
    OUTBOX: (("listener", "record_id", "version"), ("listener", "due_at", "id")),
    HANDLED: (("job", "record_id", "occasion"),),
    MERGED: (("into_id", "record_id"), ("record_id",)),
}


def engine_tables(dialect: Dialect) -> tuple[EngineTable, ...]:
    """What is applied, every change of a field, the counters of automatic numbers, the keys of the API; who
    does which timed work, what listeners are yet to hear of, which records a job has handled, and which have
    become parts of others.

    `sm_change` has no foreign keys: it is only ever appended to, outlives the rows it tells about, and can be
    partitioned. Its `field` is null in the rows for a deletion and a restore. `sm_api_key` has the hash of a
    key and never the key; `roles` is a JSON list. A row of `sm_outbox` is one event for one listener, and is
    gone when the listener has taken it; `due_at` is when it is tried next, or null where it was given up at
    `dead_at`. The key of `sm_handled` is made of its job, record and occasion.
    """
    return tuple(
        EngineTable(
            name,
            {column: _type(kind, dialect) for column, kind in kinds.items()},
            _NULLABLE.get(name, frozenset()),
            _INDEXED.get(name, ()),
        )
        for name, kinds in COLUMNS.items()
    )


def plain_field(kind: str, scale: int = 0) -> Field:
    """A field of a type and nothing more, for asking its type about columns and values."""
    return Field(kind, kind, kind, Label({}), Span("", 0, 0), scale=scale)


def _type(kind: str, dialect: Dialect) -> TypeEngine[Any]:
    return _WHOLE.get(kind) or field_type(kind).column_type(plain_field(kind), dialect)


_WHOLE: Mapping[str, TypeEngine[Any]] = {"integer": Integer(), "big_integer": BigInteger()}
