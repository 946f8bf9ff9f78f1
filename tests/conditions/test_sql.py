"""The SQL of conditions: what an index needs, and one bound value for a list."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from salesmode.access.scope import SystemScope
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.use import use_of
from salesmode.database.statement import Statement, render
from salesmode.model.condition import And, Compare, Condition, Literal, Not, Or, Through, UserValue
from salesmode.tables import tables_of
from tests.conditions.world import MODEL, USERS, Engine, empty, environment


def selected(loaded: Engine, condition: Condition) -> Statement:
    scope = SystemScope(tables_of(MODEL, loaded.dialect))
    source = scope.source("customer")
    query = sa.select(source.table.c.id).where(compile_condition(condition, source, scope))
    return render(query, loaded.dialect)


INDEXED: list[Condition] = [
    Compare("name", "eq", Literal("a")),
    Compare("name", "in", Literal(("a", "b"))),
    Compare("name", "startsWith", Literal("a")),
    Compare("name", "between", Literal("a"), Literal("b")),
    Compare("name", "isNull", Literal(True)),
    Compare("quantity", "gt", Literal(1)),
    Compare("owner", "eq", UserValue("id")),
    Not(Compare("name", "ne", Literal("a"))),
    Not(Or((Compare("name", "ne", Literal("a")), Compare("vip", "isNull", Literal(True))))),
    Not(Not(Compare("name", "eq", Literal("a")))),
    Or((Compare("name", "eq", Literal("a")), Compare("owner", "eq", UserValue("id")))),
    And((Compare("name", "eq", Literal("a")), Through("team", Compare("name", "eq", Literal("a"))))),
]


@pytest.fixture(scope="module")
def sqlite(module_sqlite_url: str) -> Iterator[Engine]:
    with empty(module_sqlite_url) as found:
        yield found


@pytest.mark.parametrize("condition", INDEXED, ids=str)
def test_an_index_answers(sqlite: Engine, condition: Condition) -> None:
    """On SQLite: PostgreSQL reads tables as small as these from end to end."""
    statement = selected(sqlite, condition)
    plan = sqlite.fetch(f"EXPLAIN QUERY PLAN {statement.sql}", statement.bind(environment(USERS[1], {})))
    steps = [str(row[3]) for row in plan if "customers" in str(row[3])]
    assert steps
    assert all(step.startswith("SEARCH") for step in steps), steps


@pytest.mark.parametrize("op", ["in", "notIn"])
@pytest.mark.parametrize("values", [("a",), ("a", "b", "c")])
def test_a_list_is_one_value(loaded: Engine, op: str, values: tuple[str, ...]) -> None:
    assert len(selected(loaded, Compare("name", op, Literal(values))).slots) == 1


def test_an_empty_list_needs_no_value(loaded: Engine) -> None:
    assert selected(loaded, Compare("name", "in", Literal(()))).slots == ()


def test_a_use_of_a_table_has_its_columns_and_no_others(loaded: Engine) -> None:
    table = tables_of(MODEL, loaded.dialect).table("team")
    use = use_of(table)
    assert [each.name for each in use.c] == [each.name for each in table.c]
    assert use.c.name is use.c["name"]
    assert "name" in use.c
    assert "nmae" not in use.c
    assert not hasattr(use.c, "nmae")
    with pytest.raises(KeyError):
        use.c["nmae"]


def test_two_uses_of_a_table_are_two(loaded: Engine) -> None:
    table = tables_of(MODEL, loaded.dialect).table("team")
    one, other = use_of(table), use_of(table)
    query = sa.select(one.c.id).join_from(one, other, one.c.parent_id == other.c.id)
    assert render(query, loaded.dialect).sql.split("\n")[1] == (
        "FROM teams AS teams_1 JOIN teams AS teams_2 ON teams_1.parent_id = teams_2.id"
    )
