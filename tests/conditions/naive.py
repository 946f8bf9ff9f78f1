"""What conditions mean, said a second time in plain Python: the measure for the SQL, for tests alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from salesmode.database.environment import Environment, moment, utc
from salesmode.model.condition import (
    And,
    Argument,
    Compare,
    Condition,
    Const,
    Literal,
    Moment,
    Not,
    Or,
    Over,
    RowValue,
    Through,
    UserValue,
    Value,
)
from tests.conditions.world import MODEL, ROWS, SHANGHAI, Row

NULLS: Row = {}


@dataclass(frozen=True)
class View:
    """What exists: everything, unless rights say which rows are visible and which fields are readable."""

    environment: Environment
    visible: Mapping[str, Condition] = field(default_factory=dict)
    clear: Mapping[tuple[str, str], Condition] = field(default_factory=dict)

    @property
    def system(self) -> "View":
        return View(self.environment)

    def has(self, object_name: str, row: Row) -> bool:
        if row["deleted_at"] is not None:
            return False
        right = self.visible.get(object_name)
        return right is None or self.system.holds(right, object_name, row)

    def rows(self, object_name: str) -> list[Row]:
        return [row for row in ROWS[object_name].values() if self.has(object_name, row)]

    def value(self, object_name: str, row: Row, name: str) -> object:
        """The field as it counts here: null where it may not be read, or leads to what may not be seen."""
        right = self.clear.get((object_name, name))
        if row is NULLS or (right is not None and not self.system.holds(right, object_name, row)):
            return None
        target = MODEL.objects[object_name].fields[name].to
        found = row[name]
        if target is None or found is None:
            return found
        if isinstance(found, tuple):
            return tuple(each for each in found if self.has(target, ROWS[target][each]))
        return found if self.has(target, ROWS[target][str(found)]) else None

    def holds(self, condition: Condition, object_name: str, row: Row, root: Row | None = None) -> bool:
        root_ = row if root is None else root
        return self._holds(condition, object_name, row, (object_name if root is None else "customer", root_))

    def _holds(self, condition: Condition, name: str, row: Row, root: tuple[str, Row]) -> bool:
        match condition:
            case Const(holds):
                return holds
            case And(items):
                return all(self._holds(item, name, row, root) for item in items)
            case Or(items):
                return any(self._holds(item, name, row, root) for item in items)
            case Not(item):
                return not self._holds(item, name, row, root)
            case Through(reference, where):
                target = MODEL.objects[name].fields[reference].to
                id = self.value(name, row, reference)
                return self._holds(
                    where, str(target), NULLS if id is None else ROWS[str(target)][str(id)], root
                )
            case Over(inverse, quantifier, where):
                found = [
                    self._holds(where, child, each, root) for child, each in self.children(name, row, inverse)
                ]
                return {"some": any(found), "none": not any(found), "every": all(found)}[quantifier]
            case Compare():
                return self._compare(condition, name, row, root)

    def children(self, name: str, row: Row, inverse_name: str) -> list[tuple[str, Row]]:
        if row is NULLS:
            return []
        inverse = MODEL.objects[name].inverses[inverse_name]
        rows = self.rows(inverse.object)
        return [
            (inverse.object, each)
            for each in rows
            if self.value(inverse.object, each, inverse.field) == row["id"]
        ]

    def _compare(self, compare: Compare, name: str, row: Row, root: tuple[str, Row]) -> bool:
        left = self.value(name, row, compare.field)
        described = MODEL.objects[name].fields[compare.field]
        right = self._operand(compare.value, described.type, root)
        match compare.op:
            case "ne":
                return not self._compare(Compare(compare.field, "eq", compare.value), name, row, root)
            case "notIn":
                return not self._compare(Compare(compare.field, "in", compare.value), name, row, root)
            case "isNull":
                return (left is None) == right
            case "isEmpty":
                return (not left) == right
        if left is None or right is None:
            return False
        if compare.op == "between":
            upper = self._operand(compare.upper, described.type, root) if compare.upper else None
            low, high = right if compare.upper is None else (right, upper)
            return low is not None and high is not None and low <= left <= high
        if compare.op == "under":
            return self._under(str(described.to), str(left), str(right))
        return OPERATORS[compare.op](left, right)

    def _operand(self, value: Value, type_: str, root: tuple[str, Row]) -> object:
        match value:
            case Literal(found):
                pass
            case UserValue(user_name):
                found = self.environment.user[user_name]
            case Argument((variable,)):
                found = self.environment.variables[str(variable)]
            case Moment():
                found = moment(value, self.environment)
            case RowValue(column):
                found = self.value(*root, column)
        return _timely(found, type_)

    def _under(self, target: str, id: str, top: str) -> bool:
        """Up from the row referred to, over rows that exist here."""
        above = next(each.name for each in MODEL.objects[target].fields.values() if each.tree)
        seen = set()
        here: str | None = id
        while here is not None and here not in seen and self.has(target, ROWS[target][here]):
            if here == top:
                return True
            seen.add(here)
            parent = self.value(target, ROWS[target][here], above)
            here = None if parent is None else str(parent)
        return False


def _timely(found: object, type_: str) -> object:
    """A day against an instant is its beginning in Shanghai; an instant against a day is its day there."""
    if isinstance(found, tuple):
        return tuple(_timely(each, type_) for each in found)
    if type_ == "datetime" and isinstance(found, date):
        return utc(found, SHANGHAI)
    if type_ == "date" and isinstance(found, datetime):
        return found.astimezone(SHANGHAI).date()
    return found


def folded(text: str) -> str:
    """Every character on its own."""
    return "".join("i" if each == "İ" else each.lower() for each in text)


OPERATORS: Mapping[str, Callable[..., bool]] = {
    "eq": lambda left, right: left == right,
    "in": lambda left, right: left in right,
    "lt": lambda left, right: left < right,
    "lte": lambda left, right: left <= right,
    "gt": lambda left, right: left > right,
    "gte": lambda left, right: left >= right,
    "contains": lambda left, right: right in left,
    "startsWith": lambda left, right: left.startswith(right),
    "endsWith": lambda left, right: left.endswith(right),
    "icontains": lambda left, right: folded(right) in folded(left),
    "has": lambda left, right: right in left,
    "hasAny": lambda left, right: bool(set(left) & set(right)),
    "hasAll": lambda left, right: set(left) >= set(right),
}
