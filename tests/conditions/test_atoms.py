"""Every operator on every field with every value at hand, against the naive reading, on both engines."""

from itertools import product

import pytest
import sqlalchemy as sa

from salesmode.access.scope import PolicyScope, SystemScope
from salesmode.conditions.compile import as_boolean, compile_condition
from salesmode.conditions.scope import Scope
from salesmode.database.statement import render
from salesmode.fieldtypes import field_type
from salesmode.model.condition import (
    Argument,
    Compare,
    Condition,
    Literal,
    Moment,
    Not,
    RowValue,
    Through,
    Value,
)
from salesmode.model.field import Field
from salesmode.tables import tables_of
from tests.conditions.naive import View
from tests.conditions.strategies import LISTS
from tests.conditions.test_language import policy
from tests.conditions.world import COLOURS, DAYS, MODEL, POOLS, USERS, Engine, environment, ids

FIELDS = MODEL.objects["customer"].fields
ATOMS = [(name, op) for name, field in FIELDS.items() for op in field_type(field.type).operators]
ASKED = ("isNull", "isEmpty")
# Rights that hide some teams, customers and users, and some fields of some customers.
VISIBLE: dict[str, Condition] = {
    "team": Compare("name", "ne", Literal("a")),
    "customer": Compare("grade", "notIn", Literal(("c",))),
    "user": Compare("name", "gt", Literal("A")),
}
CLEAR: dict[tuple[str, str], Condition] = {
    ("customer", name): Compare("quantity", "ne", Literal(2)) for name in FIELDS if name != "id"
} | {("team", "parent"): Compare("name", "isNull", Literal(False))}


def operands(field: Field, op: str) -> list[object]:
    """Values to compare with; lists of them for operators on lists; null too, which a variable may be."""
    if op in ASKED:
        return [True, False]
    if field.name == "colours":
        values: list[object] = list(COLOURS)
    elif field.type == "id" or field.to is not None:
        values = list(ids("customer" if field.type == "id" else str(field.to)))[:10]
    else:
        values = list(POOLS[field.name])
    if op in LISTS:
        return [None, (), (values[0],), tuple(values[:2]), tuple(values)]
    return [None, *values]


@pytest.mark.parametrize("rights", ["system", "policy"])
@pytest.mark.parametrize("op", sorted({op for _, op in ATOMS} - {"between"}))
def test_every_atom_and_its_complement(loaded: Engine, op: str, rights: str) -> None:
    tables = tables_of(MODEL, loaded.dialect)
    scope: Scope = SystemScope(tables)
    visible, clear = ({}, {}) if rights == "system" else (VISIBLE, CLEAR)
    if rights == "policy":
        scope = PolicyScope(tables, policy(visible, clear))
    for name in [each for each, its in ATOMS if its == op]:
        condition = Compare(name, op, Argument(("x",)))
        source = scope.source("customer")
        both = [compile_condition(each, source, scope) for each in (condition, Not(condition))]
        columns = (source.table.c.id, *map(as_boolean, both))
        query = sa.select(*columns).where(scope.rows(source)).order_by(source.table.c.id)
        statement = render(query, loaded.dialect)
        for value in operands(FIELDS[name], op):
            asked = environment(USERS[1], {"x": value})
            view = View(asked, visible, clear)
            rows = [(row["id"], view.holds(condition, "customer", row)) for row in view.rows("customer")]
            found = [tuple(row) for row in loaded.fetch(statement.sql, statement.bind(asked))]
            assert found == [(id, holds, not holds) for id, holds in rows], (name, op, value)


@pytest.mark.parametrize("name", [name for name, op in ATOMS if op == "between"])
def test_between_includes_both_ends(loaded: Engine, name: str) -> None:
    scope = SystemScope(tables_of(MODEL, loaded.dialect))
    condition = Compare(name, "between", Argument(("x",)), Argument(("y",)))
    for low in operands(FIELDS[name], "lt")[:8]:
        for high in operands(FIELDS[name], "lt"):
            asked = environment(USERS[1], {"x": low, "y": high})
            view = View(asked)
            found = loaded.ids_where(
                scope, "customer", lambda source: compile_condition(condition, source, scope), asked
            )
            rows = view.rows("customer")
            assert found == [row["id"] for row in rows if view.holds(condition, "customer", row)]


MOMENTS = [Moment("now"), Moment("now", -48, "h"), Moment("today"), Moment("today", 1), Moment("month_start")]


@pytest.mark.parametrize("op", ["eq", "lt", "lte", "gt", "gte"])
@pytest.mark.parametrize("value", [*MOMENTS, *map(Literal, DAYS[1:4])], ids=str)
def test_days_and_instants_meet_in_the_apps_time_zone(loaded: Engine, op: str, value: Value) -> None:
    for name in ("seen", "born"):
        agrees(loaded, Compare(name, op, value))


@pytest.mark.parametrize("op", ["eq", "ne", "lt", "lte", "gt", "gte"])
def test_numbers_of_one_row_are_compared_as_they_are_whatever_their_scale(loaded: Engine, op: str) -> None:
    for left, right in product(("quantity", "amount", "rate"), repeat=2):
        agrees(loaded, Compare(left, op, RowValue(right)))
        agrees(loaded, Through("parent", Compare(left, op, RowValue(right))))


@pytest.mark.parametrize("op", field_type("text").operators[1:])
def test_texts_of_one_row(loaded: Engine, op: str) -> None:
    if op not in (*LISTS, *ASKED, "between"):
        agrees(loaded, Compare("name", op, RowValue("alias")))


def agrees(loaded: Engine, condition: Condition) -> None:
    scope = SystemScope(tables_of(MODEL, loaded.dialect))
    asked = environment(USERS[1], {})
    view = View(asked)
    found = loaded.ids_where(
        scope, "customer", lambda source: compile_condition(condition, source, scope), asked
    )
    rows = view.rows("customer")
    assert found == [row["id"] for row in rows if view.holds(condition, "customer", row)]
