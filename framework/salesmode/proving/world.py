"""A small database of any model: rows of every object with a value in every field, and their history."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import prod
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.database.unit import ManyStep, Step
from salesmode.fieldtypes import field_type, slot_of
from salesmode.model.app import Model
from salesmode.model.condition import Argument
from salesmode.model.engine import FOLLOWING
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.model.pipeline import PIPELINE, STATUS
from salesmode.model.tag import TAG
from salesmode.model.target import QUOTA
from salesmode.proving.standing import drawn_place
from salesmode.proving.tagged import fitting, told_of
from salesmode.proving.values import distinct, drawn, remembered
from salesmode.tables import Tables
from salesmode.tables.engine import plain_field

Row = Mapping[str, Any]
Cell = tuple[str, str, str]

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ME = "prover"
SIZE = 8
PARTS = {4: 3, 6: 5}
"""The numbers of rows with a row of the same object whose history is told with theirs, as after a merge."""

_BORN = datetime(2026, 1, 1, tzinfo=UTC)
_CHANGE = {"id": "id", "at": "datetime", "by_id": "id", "record_id": "id", "version": "integer"}
_ENVIRONMENT = Environment({}, {}, NOW, ZoneInfo("UTC"))


@dataclass(frozen=True)
class World:
    """All rows by object and id."""

    rows: Mapping[str, Mapping[str, Row]]

    def changed(self, cells: Mapping[Cell, Any]) -> "World":
        """The world with other values in some cells."""
        rows = {name: {id: dict(row) for id, row in found.items()} for name, found in self.rows.items()}
        for (name, id, field), value in cells.items():
            rows[name][id][field] = value
        return World(rows)


def id_of(model: Model, object_name: str, number: int) -> str:
    """The id of a row: the numbers of its object and its own."""
    return f"{list(model.objects).index(object_name) + 1:08x}-0000-7000-8000-{number:012x}"


def ids_of(model: Model, object_name: str) -> list[str]:
    """The rows of an object: as many as its options can tell apart."""
    few = (_combinations(model.objects[object_name], names) for names in _few(model.objects[object_name]))
    return [id_of(model, object_name, at) for at in range(1, min((SIZE, *few)) + 1)]


def me(model: Model) -> str:
    """The id of the user who asks."""
    return id_of(model, "user", 1)


def random_world(model: Model, role: str, seed: int) -> World:
    """Rows for one role: the first user is the one who asks, and a third of what is owned is theirs."""
    return World({name: _rows(model, each, role, seed) for name, each in model.objects.items()})


def _rows(model: Model, object_: Object, role: str, seed: int) -> Mapping[str, Row]:
    """The same whatever other objects there are."""
    random = Random(f"{seed} {role} {object_.name}")
    numbers = range(1, len(ids_of(model, object_.name)) + 1)
    rows = [_row(model, object_, number, role, random) for number in numbers]
    return {row["id"]: row for row in rows}


def unique_fields(object_: Object) -> set[str]:
    """Fields by which a row can be refused for another one (accepted in RULING 24)."""
    declared = {name for each in object_.unique for name in each.fields}
    return declared | {
        each.name for each in object_.fields.values() if each.unique or each.type == "auto_number"
    }


def _row(model: Model, object_: Object, number: int, role: str, random: Random) -> Row:
    row: dict[str, Any] = {"id": id_of(model, object_.name, number), "created_at": _BORN, "updated_at": _BORN}
    row |= {"version": 1, "created_by": me(model), "updated_by": me(model), "deleted_at": None}
    unique, apart = unique_fields(object_), _apart(object_)
    for field in _declared(object_):
        unlike = field.name in unique and field.to is None and field.type != "choice"
        row[field.name] = (
            id_of(model, str(field.to), number)
            if field.name in apart
            else random.choice(list(model.targets))
            if (object_.name, field.name) == (QUOTA, "target") and model.targets
            else distinct(field, number)
            if unlike
            else drawn_place(model, field, row, random)
            if PIPELINE in row and (field.type == "stage" or field.name == STATUS)
            else _drawn(model, field, number, random)
        )
    if object_.name == TAG:
        return fitting(model, row, random)
    row |= _combined(object_, number)
    return {**row, **_own(model, role)} if row["id"] == me(model) else row


def _few(object_: Object) -> list[tuple[str, ...]]:
    """Fields that are unique together, or alone, and have few values."""
    return [names for names in _sets(object_) if all(_values(object_.fields[each]) for each in names)]


def _sets(object_: Object) -> list[tuple[str, ...]]:
    """Fields that are unique together, or alone."""
    alone = [(each.name,) for each in object_.fields.values() if each.unique]
    return [*(each.fields for each in object_.unique), *alone]


def _values(field: Field) -> Sequence[Any]:
    """All of them; nothing where they are many."""
    if field.type == "boolean":
        return (False, True)
    return [each.name for each in field.options if each.active] if field.type == "choice" else ()


def _combinations(object_: Object, names: Sequence[str]) -> int:
    return prod(len(_values(object_.fields[each])) for each in names)


def _combined(object_: Object, number: int) -> Row:
    """Values that tell the row apart where there are few of them."""
    found: dict[str, Any] = {}
    for names in _few(object_):
        rest = number - 1
        for name in names:
            values = _values(object_.fields[name])
            rest, at = divmod(rest, len(values))
            found[name] = values[at]
    return found


def _apart(object_: Object) -> set[str]:
    """Of references that are unique together, or alone: one that leads each row to another record."""
    return {names[-1] for names in _sets(object_) if all(object_.fields[name].to for name in names)}


def _drawn(model: Model, field: Field, number: int, random: Random) -> Any:
    """A tree has no circles: a parent comes before its rows."""
    if not field_type(field.type).selectable:
        return None
    if field.tree:
        return id_of(model, str(field.to), number - 1) if number > 2 and random.random() < 0.7 else None
    if field.to == "user" and field.type != "multi_reference" and random.random() < 0.35:
        return me(model)
    ids = ids_of(model, field.to) if field.to else []
    return drawn(field, random, ids)


def _own(model: Model, role: str) -> Row:
    known = model.objects["user"].fields
    team = id_of(model, "team", 1) if "team" in model.objects else None
    own = {"name": ME, "active": True, "roles": (role,), "team": team}
    return {name: value for name, value in own.items() if name in known}


def _declared(object_: Object) -> list[Field]:
    return [each for each in object_.fields.values() if not each.system]


class Loader:
    """Fills the same tables again and again."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._statements = {name: _insert(tables, each) for name, each in tables.model.objects.items()}
        self._changes = _insert_changes(tables)
        self._parts = _insert_parts(tables)

    def load(self, world: World) -> UnitOf[None]:
        """Exactly this world: what was there before is gone."""
        model = self._tables.model
        engine = (self._tables.change.name, self._tables.merged.name)
        for name in (*(each.table for each in model.objects.values()), *engine):
            yield Step(f'DELETE FROM "{name}"', ())
        for name, rows in world.rows.items():
            yield _many(self._statements[name], list(rows.values()))
        yield _many(self._changes, list(_history(model, world)))
        yield _many(self._parts, list(_parts(model)))

    def turn(self, shown: World | None, world: World) -> UnitOf[None]:
        """The records of this world where those of another one are, or anything if that is not known."""
        for name, object_ in self._tables.model.objects.items():
            before, rows = shown.rows[name] if shown else {}, world.rows[name]
            if rows != before:
                yield Step(f'DELETE FROM "{object_.table}"', ())
                yield _many(self._statements[name], list(rows.values()))


def _history(model: Model, world: World) -> Sequence[Row]:
    """Each value was once written where nothing was."""
    found: list[Row] = []
    for name, rows in world.rows.items():
        for row in rows.values():
            for field in (each for each in _declared(model.objects[name]) if each.computed is None):
                change = {"id": f"ffffffff-0000-7000-8000-{len(found):012x}", "at": _BORN, "by_id": me(model)}
                change |= {"operation": "updated", "object": name, "record_id": row["id"], "version": 1}
                change |= {"field": field.name, "old": None, "new": remembered(field, row[field.name])}
                found.append(change)
    first = len(found)
    for number, name, id, entry, text in told_of(model, world.rows.get(TAG, {})):
        change = {"id": f"ffffffff-0000-7000-8000-{first + number:012x}", "at": _BORN, "by_id": me(model)}
        change |= {"operation": "updated", "object": name, "record_id": id, "version": 1}
        found.append({**change, "field": entry, "old": None, "new": text})
    return found


def parts_of(model: Model, object_name: str, id: str) -> list[str]:
    """The records whose history is told with that of the record. What follows records is not merged."""
    if object_name in FOLLOWING:
        return []
    return [
        id_of(model, object_name, part)
        for whole, part in PARTS.items()
        if id == id_of(model, object_name, whole)
    ]


def _parts(model: Model) -> Iterator[Row]:
    for name in (each for each in model.objects if each not in FOLLOWING):
        for whole, part in PARTS.items():
            id_ = id_of(model, name, part)
            yield {"id": id_, "record_id": id_, "into_id": id_of(model, name, whole)}


def _many(statement: Statement, rows: Sequence[Row]) -> ManyStep:
    return ManyStep(statement.sql, [statement.bind(_ENVIRONMENT.with_variables(row)) for row in rows])


def _insert(tables: Tables, object_: Object) -> Statement:
    table = tables.table(object_.name)
    fields = [each for each in object_.fields.values() if each.column in table.c]
    values = {each.column: slot_of(Argument((each.name,)), each, tables.dialect) for each in fields}
    values["deleted_at"] = slot_of(Argument(("deleted_at",)), object_.fields["created_at"], tables.dialect)
    return render(insert(table).values(values), tables.dialect)


def _insert_parts(tables: Tables) -> Statement:
    values = {
        each.name: slot_of(Argument((each.name,)), plain_field("id"), tables.dialect)
        for each in tables.merged.c
    }
    return render(insert(tables.merged).values(values), tables.dialect)


def _insert_changes(tables: Tables) -> Statement:
    values = {
        each.name: slot_of(
            Argument((each.name,)), plain_field(_CHANGE.get(each.name, "text")), tables.dialect
        )
        for each in tables.change.c
    }
    return render(insert(tables.change).values(values), tables.dialect)
