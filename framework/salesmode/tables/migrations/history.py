"""What was applied, row by row, in the engine's table `sm_metadata`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from salesmode.database.statement import Dialect
from salesmode.fieldtypes import field_type
from salesmode.tables import shape as shapes
from salesmode.tables.engine import METADATA, engine_tables, plain_field
from salesmode.tables.migrations import operations
from salesmode.tables.migrations.codec import Decoder, as_json
from salesmode.tables.migrations.operations import Operation
from salesmode.tables.shape import Shape

_decode = Decoder(
    each for module in (shapes, operations) for each in vars(module).values() if isinstance(each, type)
)


@dataclass(frozen=True, slots=True)
class Applied:
    """One entry: the shape it led to, the steps it took, and for an undo the entry that it undid."""

    id: int
    model_version: str
    shape: Shape
    operations: tuple[Operation, ...]
    undoes: int | None = None


def last(connection: Connection, dialect: Dialect) -> tuple[int, Shape] | None:
    """The number of the newest entry, and its shape: what the database is now."""
    table = _table(dialect)
    query = sa.select(table.c.id, table.c.shape).order_by(table.c.id.desc()).limit(1)
    row = connection.execute(query).first()
    return None if row is None else (row.id, _decode(orjson.loads(row.shape)))


def last_undoable(connection: Connection, dialect: Dialect) -> Applied | None:
    """The newest entry that was neither an undo nor undone since."""
    table = _table(dialect)
    undone = sa.select(table.c.undoes).where(table.c.undoes.is_not(None))
    query = sa.select(table).where(table.c.undoes.is_(None), table.c.id.not_in(undone))
    row = connection.execute(query.order_by(table.c.id.desc()).limit(1)).first()
    return None if row is None else _entry(row)


def record(connection: Connection, dialect: Dialect, entry: Applied) -> None:
    """Add an entry; its id is one more than the last."""
    table = _table(dialect)
    encode = field_type("datetime").encode(plain_field("datetime"), dialect)
    connection.execute(
        sa.insert(table).values(
            id=entry.id,
            at=encode(datetime.now(UTC)),
            model_version=entry.model_version,
            shape=_text(entry.shape),
            operations=_text(entry.operations),
            undoes=entry.undoes,
        )
    )


def _table(dialect: Dialect) -> sa.Table:
    columns = next(each.columns for each in engine_tables(dialect) if each.name == METADATA)
    return sa.Table(METADATA, sa.MetaData(), *(sa.Column(name, type_) for name, type_ in columns.items()))


def _entry(row: sa.Row[tuple[object, ...]]) -> Applied:
    shape, steps = (_decode(orjson.loads(text)) for text in (row.shape, row.operations))
    return Applied(row.id, row.model_version, shape, steps, row.undoes)


def _text(value: Shape | Sequence[Operation]) -> str:
    return orjson.dumps(as_json(value)).decode()
