"""Records that cells name by what is unique: one statement for each column of a batch."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.fold import fold_text
from salesmode.diagnostics import Message, Problem
from salesmode.exchange.columns import Column, many
from salesmode.fieldtypes import Invalid, field_type
from salesmode.model.names import camel
from salesmode.model.object import Unique
from salesmode.records.matching import matched
from salesmode.records.problems import Path
from salesmode.records.subject import Subject
from salesmode.tables.indexes import uniques


@dataclass(slots=True)
class Row:
    """A row of a file on its way in: `given` by field name, what is wrong with it so far, and its cells."""

    path: Path
    given: dict[str, object]
    problems: list[Problem]
    cells: Mapping[str, object]

    @property
    def number(self) -> int:
        return int(self.path[-1])

    def wrong(self, field: str | None, code: str, values: Mapping[str, object] | None = None) -> None:
        path = self.path if field is None else (*self.path, camel(field))
        self.problems.append(Problem(path, code, Message(code, values or {})))


def resolve(subject: Subject, rows: Sequence[Row], column: Column, environment: Environment) -> UnitOf[None]:
    """Put ids in the place of keys; a key that leads to no record that the caller sees is a problem."""
    assert column.key is not None
    assert column.field.to is not None
    name, target = column.field.name, subject.of(column.field.to)
    asked = [(row, key) for row in rows for key in _keys(row, column)]
    unique = next(each for each in uniques(target.object) if each.fields == (column.key.name,))
    wanted = list(dict.fromkeys(key for _, key in asked))
    found = yield from matched(target, unique, [{column.key.name: key} for key in wanted], environment)
    ids = {wanted[place]: id_ for place, id_ in found.items()}
    for row, key in asked:
        if key not in ids:
            row.wrong(name, "not_found")
    for row in rows:
        if row.given.get(name) is not None:
            row.given[name] = _ids(row.given[name], ids, column)


def _keys(row: Row, column: Column) -> Iterator[object]:
    """The canonical keys of a row's cell, which take the places of what was given; problems to the row."""
    raw = row.given.get(column.field.name)
    if raw is None or column.key is None:
        return
    items = raw if many(column.field) and isinstance(raw, list) else [raw]
    parsed = []
    for each in items:
        try:
            parsed.append(field_type(column.key.type).parse(column.key, each))
        except Invalid as invalid:
            row.wrong(column.field.name, invalid.code, invalid.values)
    row.given[column.field.name] = parsed
    yield from parsed


def _ids(keys: object, ids: Mapping[object, str], column: Column) -> object:
    assert isinstance(keys, list)
    found = [ids[each] for each in keys if each in ids]
    if many(column.field):
        return found
    return found[0] if found else None


def collisions(
    subject: Subject, rows: Sequence[Row], meant: Mapping[int, str], environment: Environment
) -> UnitOf[None]:
    """What is unique and is somebody else's already, or twice among the rows: told of every row at once.

    `meant`: the ids of rows that are there already, by place. Found with the system's rights, as the database
    itself would.
    """
    system = Subject((*subject.key[:2], "", subject.key[3]), subject.object, subject.tables, None)
    given = frozenset[str]().union(*(row.given for row in rows))
    for unique in (each for each in uniques(subject.object) if given.issuperset(each.fields)):
        keys = [_key(subject, unique, row) for row in rows]
        found = yield from matched(system, unique, [_named(unique, each) for each in keys], environment)
        seen: set[object] = set()
        for place, (row, key) in enumerate(zip(rows, keys, strict=True)):
            if None in key:
                continue
            if key in seen or (place in found and found[place] != meant.get(place)):
                row.wrong(unique.fields[-1] if subject.comparable(unique.fields[-1]) else None, "not_unique")
            seen.add(key)


def _named(unique: Unique, key: Sequence[object]) -> Mapping[str, object]:
    return dict(zip(unique.fields, key, strict=True))


def _key(subject: Subject, unique: Unique, row: Row) -> tuple[object, ...]:
    """What the row says of itself; None for what it does not say, or not rightly."""
    found = (canonical(subject, name, row.given.get(name)) for name in unique.fields)
    return tuple(fold_text(each) if unique.fold and isinstance(each, str) else each for each in found)


def canonical(subject: Subject, name: str, value: object) -> object:
    """The value as it is compared; None for what is none."""
    field = subject.object.fields[name]
    try:
        return None if value is None else field_type(field.type).parse(field, value)
    except Invalid:
        return None
