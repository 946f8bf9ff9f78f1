"""What a set of roles may read, said a second time in plain Python (RULINGS 8, 9, 15, 17, 41)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from salesmode.model.condition import (
    ALWAYS,
    NEVER,
    And,
    Compare,
    Condition,
    Const,
    Literal,
    Not,
    Or,
    Over,
    Through,
    UserValue,
)
from salesmode.model.field import Field, Mask
from salesmode.model.role import FieldGrant, ObjectGrant, Right, Role
from tests.properties.little_world import MODEL, LittleWorld, Row
from tests.support.models import SPAN

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda left, right: left == right,
    "in": lambda left, right: left in right,
    "lt": lambda left, right: left < right,
    "gt": lambda left, right: left > right,
    "has": lambda left, right: right in left,
}
OWN = ObjectGrant(
    "user",
    SPAN,
    {name: FieldGrant(SPAN, clear=ALWAYS) for name in ("name", "team")},
    read=Right(Compare("id", "eq", UserValue("id")), SPAN),
)


def holds(condition: Condition, object_name: str, row: Row | None, world: LittleWorld) -> bool:
    """A condition of the metadata, with the system's rights; `row` None is a row of nulls."""
    match condition:
        case Const(always):
            return always
        case And(items):
            return all(holds(item, object_name, row, world) for item in items)
        case Or(items):
            return any(holds(item, object_name, row, world) for item in items)
        case Not(item):
            return not holds(item, object_name, row, world)
        case Through(name, where):
            target = str(MODEL.objects[object_name].fields[name].to)
            found = world.rows[target].get(row[name]) if row and row[name] else None
            return holds(where, target, found if found and _lives(found) else None, world)
        case Over(name, quantifier, where):
            found_ = [
                holds(where, child, each, world) for child, each in _children(object_name, name, row, world)
            ]
            return {"some": any(found_), "none": not any(found_), "every": all(found_)}[quantifier]
        case Compare():
            return _compare(condition, row, world)


def _lives(row: Row) -> bool:
    return row["deleted_at"] is None


def _children(object_name: str, name: str, row: Row | None, world: LittleWorld) -> Iterator[tuple[str, Row]]:
    inverse = MODEL.objects[object_name].inverses[name]
    for each in world.rows[inverse.object].values():
        if row and _lives(each) and each[inverse.field] == row["id"]:
            yield inverse.object, each


def _compare(compare: Compare, row: Row | None, world: LittleWorld) -> bool:
    left = row[compare.field] if row else None
    assert isinstance(compare.value, Literal | UserValue)
    right = compare.value.value if isinstance(compare.value, Literal) else world.user[compare.value.name]
    match compare.op:
        case "isNull":
            return (left is None) == right
        case "isEmpty":
            return (not left) == right
        case "ne":
            return left is None or right is None or left != right
    return left is not None and right is not None and OPERATORS[compare.op](left, right)


@dataclass(frozen=True)
class Sight:
    """What the holders of these roles, inherited ones included, see of a world."""

    roles: Sequence[Role]
    world: LittleWorld

    @cached_property
    def view(self) -> Mapping[str, Any]:
        """All that may be known: of every visible row its cells, and of deals their history."""
        seen: dict[str, Any] = {}
        for name in MODEL.objects:
            for row in self.rows(name):
                seen[row["id"]] = {each: self.cell(name, row, each) for each in MODEL.objects[name].fields}
                if name == "deal":
                    seen[row["id"]]["history"] = list(self.history(row))
        return seen

    def rows(self, object_name: str) -> list[Row]:
        return [row for row in self.world.rows[object_name].values() if self.sees(object_name, row)]

    def sees(self, object_name: str, row: Row) -> bool:
        return _lives(row) and any(self._readers(object_name, row))

    def cell(self, object_name: str, row: Row, name: str) -> Any:
        """`("clear", value)`, `("masked", what shows)` or None, of a visible row."""
        described = MODEL.objects[object_name].fields[name]
        if described.system:
            return None if row.get(name) is None else ("clear", self._visible(described, row[name]))
        cells = [grant.fields[name] for grant in self._granting(object_name, row) if name in grant.fields]
        if name in self._denied(object_name):
            return None
        if any(holds(each.clear, object_name, row, self.world) for each in cells):
            return ("clear", self._visible(described, row[name]))
        masks = {each.mask or described.mask for each in cells if each.masked}
        first = next((mask for mask in self._masks(object_name, described) if mask in masks), None)
        return None if first is None else ("masked", _shown(described, row[name], first))

    def history(self, row: Row) -> Iterator[Any]:
        """Newest first: when, who, and what changed."""
        entries: dict[Any, list[Any]] = {}
        for each in self.world.changes:
            if (
                each["record_id"] == row["id"]
                and (self.cell("deal", row, each["field"]) or [None])[0] == "clear"
            ):
                told = self._told(each)
                key = (each["version"], each["by_id"])
                entries.setdefault(key, []).extend([told] if told else [])
        for (version, by), told in entries.items():
            if told:
                author = self.world.rows["user"].get(by)
                yield version, by if author and self.sees("user", author) else None, told

    def _told(self, change: Row) -> tuple[Any, ...] | None:
        """The id too: it is in cursors."""
        described = MODEL.objects["deal"].fields[change["field"]]
        old, new = (self._remembered(described, change[each]) for each in ("old", "new"))
        return None if old == new else (change["id"], change["field"], old, new)

    def _remembered(self, described: Field, text: str | None) -> Any:
        if text is None or described.to is None:
            return text
        found = tuple(each for each in text.strip("[]").replace('"', "").split(",") if each)
        return self._visible(described, found if described.type == "multi_reference" else found[0])

    def _visible(self, described: Field, value: Any) -> Any:
        if described.to is None or value is None:
            return value
        rows = self.world.rows[described.to]
        if isinstance(value, tuple):
            return tuple(each for each in value if self.sees(described.to, rows[each]))
        return value if self.sees(described.to, rows[value]) else None

    def _grants(self, object_name: str) -> list[ObjectGrant]:
        found = [each.objects[object_name] for each in self.roles if object_name in each.objects]
        return [*found, OWN] if object_name == "user" else found

    def _readers(self, object_name: str, row: Row) -> Iterator[ObjectGrant]:
        for grant in self._grants(object_name):
            if grant.read and not grant.add_on and holds(grant.read.where, object_name, row, self.world):
                yield grant

    def _granting(self, object_name: str, row: Row) -> list[ObjectGrant]:
        return [
            *self._readers(object_name, row),
            *(each for each in self._grants(object_name) if each.add_on),
        ]

    def _denied(self, object_name: str) -> set[str]:
        return {name for grant in self._grants(object_name) for name in grant.denied}

    def _masks(self, object_name: str, described: Field) -> list[Mask]:
        """In the order in which roles name them; any granted one would do."""
        cells = [
            each.fields[described.name]
            for each in self._grants(object_name)
            if described.name in each.fields and (each.add_on or (each.read and each.read.where != NEVER))
        ]
        return [each.mask or described.mask for each in cells if each.masked]


def _shown(described: Field, value: Any, mask: Mask) -> Any:
    """What a mask lets out; of other types than text the value itself, which only makes worlds more alike."""
    if described.type != "text" or value is None:
        return value
    if mask.name == "full":
        return "••••"
    return "••••" + value[len(value) - min(4, len(value) // 2) :]
