"""Conditions of every shape, with the variables they need."""

from typing import Any

from hypothesis import strategies as st

from salesmode.fieldtypes import field_type
from salesmode.model.condition import (
    ALWAYS,
    NEVER,
    And,
    Argument,
    Compare,
    Condition,
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
from salesmode.model.field import Field
from tests.conditions.world import COLOURS, DAYS, MODEL, POOLS, ids

VARIABLES = ("x", "y", "z")
LISTS = ("in", "notIn", "hasAny", "hasAll")
TEXTUAL = ("text", "long_text")
_USER_VALUES = {
    ("id", "user"): ("id", None),
    ("id", "team"): ("team", "teams"),
    ("text", None): ("name", "roles"),
    ("money", None): ("limit", None),
}
_ROW_FIELDS = {
    "text": ("name", "alias", "note", "grade"),
    "long_text": ("name", "alias", "note"),
    "integer": ("quantity", "big", "amount", "rate"),
    "money": ("quantity", "amount", "rate"),
    "decimal": ("quantity", "amount", "rate"),
    "date": ("born",),
    "datetime": ("seen",),
    "boolean": ("vip",),
    "team": ("team",),
    "customer": ("parent", "id"),
    "user": ("owner", "created_by"),
}
_MOMENTS = [
    Moment("today"),
    Moment("now"),
    Moment("now", -48, "h"),
    Moment("today", 1, "d"),
    Moment("month_start"),
    Moment("quarter_start", 1, "q"),
    Moment("year_start", -1, "y"),
    Moment("today", 1, "mo"),
]


@st.composite
def conditions(
    draw: st.DrawFn, object_name: str, *, depth: int = 4, rows: bool = True
) -> tuple[Condition, dict[str, Any]]:
    """A condition about a row of that object, and the variables of its request. `rows`: `$row` may occur.

    `depth`: SQLite takes about nine statements inside each other, those of row rights included.
    """
    maker = _Maker(draw, object_name if rows else None)
    return maker.condition(object_name, depth), maker.variables


class _Maker:
    def __init__(self, draw: st.DrawFn, root: str | None) -> None:
        self.draw = draw
        self.root = root
        self.variables: dict[str, Any] = {}

    def condition(self, name: str, depth: int) -> Condition:
        kinds = ["compare"] * 3 + (["and", "or", "not", "through", "over"] * 2 + ["const"] if depth else [])
        match self.draw(st.sampled_from(kinds)):
            case "const":
                return self.draw(st.sampled_from([ALWAYS, NEVER]))
            case "and":
                return And(self.several(name, depth))
            case "or":
                return Or(self.several(name, depth))
            case "not":
                return Not(self.condition(name, depth - 1))
            case "through":
                field = self.draw(st.sampled_from(self.references(name)))
                return Through(field.name, self.condition(str(field.to), depth - 1))
            case "over" if MODEL.objects[name].inverses:
                inverse = self.draw(st.sampled_from(sorted(MODEL.objects[name].inverses.values(), key=str)))
                quantifier = self.draw(st.sampled_from(["some", "none", "every"]))
                return Over(inverse.name, quantifier, self.condition(inverse.object, depth - 1))
            case _:
                return self.compare(name)

    def several(self, name: str, depth: int) -> tuple[Condition, ...]:
        return tuple(self.condition(name, depth - 1) for _ in range(self.draw(st.integers(1, 3))))

    def references(self, name: str) -> list[Field]:
        return [each for each in MODEL.objects[name].fields.values() if each.type in ("reference", "user")]

    def compare(self, name: str) -> Condition:
        fields = [each for each in MODEL.objects[name].fields.values() if each.name in POOLS or each.to]
        fields += [each for each in MODEL.objects[name].fields.values() if each.name in ("colours", "id")]
        field = self.draw(st.sampled_from(fields))
        tree = field.to in ("team", "user", "customer")
        operators = [each for each in field_type(field.type).operators if each != "under" or tree]
        op = self.draw(st.sampled_from(operators))
        if op in ("isNull", "isEmpty"):
            return Compare(field.name, op, self.maybe_argument(self.draw(st.booleans())))
        if op == "between":
            return Compare(field.name, op, self.single(name, field, op), self.single(name, field, op))
        if op in LISTS:
            return Compare(field.name, op, self.many(name, field))
        return Compare(field.name, op, self.single(name, field, op))

    def single(self, name: str, field: Field, op: str) -> Value:
        choices = ["value"] * 4
        user_value = self.user_value(name, field)[0]
        row_fields = _ROW_FIELDS.get(field.to or field.type, ()) if self.root == "customer" else ()
        choices += ["user"] * bool(user_value) + ["row"] * bool(row_fields)
        choices += ["moment"] * 2 * (field.type in ("date", "datetime"))
        match self.draw(st.sampled_from(choices)):
            case "user":
                return UserValue(str(user_value))
            case "row":
                return RowValue(self.draw(st.sampled_from(row_fields)))
            case "moment":
                return self.draw(st.sampled_from(_MOMENTS))
        return self.maybe_argument(self.draw(self.values(name, field, op)))

    def many(self, name: str, field: Field) -> Value:
        user_value = self.user_value(name, field)[1]
        if user_value and self.draw(st.integers(0, 3)) == 0:
            return UserValue(user_value)
        return self.maybe_argument(tuple(self.draw(st.lists(self.values(name, field, "in"), max_size=3))))

    def user_value(self, name: str, field: Field) -> tuple[str | None, str | None]:
        target = name if field.type == "id" else field.to
        kind = "id" if target else field.type
        return _USER_VALUES.get((kind, target), (None, None))

    def values(self, name: str, field: Field, op: str) -> st.SearchStrategy[Any]:
        if field.name == "colours":
            return st.sampled_from(COLOURS)
        if field.type == "id" or field.to is not None:
            return st.sampled_from(ids(name if field.type == "id" else str(field.to)))
        pool = st.sampled_from(POOLS[field.name])
        if field.type in TEXTUAL:
            return pool | st.text(
                st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=3
            )
        return pool | st.sampled_from(DAYS[1:4]) if field.type == "datetime" else pool

    def maybe_argument(self, value: Any) -> Value:
        if len(self.variables) == len(VARIABLES) or self.draw(st.booleans()):
            return Literal(value)
        variable = VARIABLES[len(self.variables)]
        self.variables[variable] = value
        return Argument((variable,))
