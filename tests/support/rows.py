"""Rows straight into tables, by field and with canonical values; what is left out is null."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.database.unit import ManyStep, Step
from salesmode.fieldtypes import slot_of
from salesmode.model.condition import Argument
from salesmode.tables import Tables
from salesmode.tables.engine import plain_field

Row = Mapping[str, object]
Rows = Mapping[str, Sequence[Row]]

BORN = datetime(2026, 1, 1, tzinfo=UTC)
_CHANGE = {"id": "id", "at": "datetime", "by_id": "id", "record_id": "id", "version": "integer"}


def id_of(kind: int, number: int) -> str:
    """Deterministic ids, in the order of their numbers within a kind."""
    return f"{kind:08x}-0000-7000-8000-{number:012x}"


def fill(tables: Tables, rows: Rows, changes: Sequence[Row] = ()) -> UnitOf[None]:
    """A unit that inserts the rows of each object, and changes into its history."""
    return Filler(tables).fill(rows, changes)


@dataclass
class Filler:
    """Fills the same tables again and again."""

    tables: Tables
    statements: dict[str, Statement] = field(default_factory=dict)

    def fill(self, rows: Rows, changes: Sequence[Row] = ()) -> UnitOf[None]:
        """A unit that inserts."""
        for name, listed in rows.items():
            fields = [*self.tables.model.objects[name].fields, "deleted_at"]
            born = {"created_at": BORN, "updated_at": BORN, "version": 1}
            whole = [{**dict.fromkeys(fields), **born, **row} for row in listed]
            yield _many(self._statement(name, _object), whole)
        whole = [{**dict.fromkeys(self.tables.change.c.keys()), **row} for row in changes]
        yield _many(self._statement("", _changes), whole)

    def empty(self) -> UnitOf[None]:
        """A unit that deletes every row of every table."""
        for table in (*self.tables.model.objects.values(), None):
            yield Step(f"DELETE FROM {table.table if table else self.tables.change.name}", ())

    def _statement(self, name: str, made: Callable[[Tables, str], Statement]) -> Statement:
        if name not in self.statements:
            self.statements[name] = made(self.tables, name)
        return self.statements[name]


def _many(statement: Statement, rows: Sequence[Row]) -> ManyStep:
    nobody = Environment({}, {}, BORN, ZoneInfo("UTC"))
    return ManyStep(statement.sql, [statement.bind(nobody.with_variables(row)) for row in rows])


def _object(tables: Tables, name: str) -> Statement:
    fields = tables.model.objects[name].fields
    values = {each.column: slot_of(Argument((each.name,)), each, tables.dialect) for each in fields.values()}
    values["deleted_at"] = slot_of(Argument(("deleted_at",)), fields["created_at"], tables.dialect)
    return render(insert(tables.table(name)).values(values), tables.dialect)


def _changes(tables: Tables, _name: str) -> Statement:
    values = {
        each.name: slot_of(
            Argument((each.name,)), plain_field(_CHANGE.get(each.name, "text")), tables.dialect
        )
        for each in tables.change.c
    }
    return render(insert(tables.change).values(values), tables.dialect)
