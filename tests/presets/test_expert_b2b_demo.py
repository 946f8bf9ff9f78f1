"""The demo data is what people of the preset could have typed in, and shows what the preset is for."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from salesmode.access.scope import SystemScope
from salesmode.conditions.compile import compile_condition
from salesmode.database.connect import connect
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.database.statement import render
from salesmode.database.unit import Step
from salesmode.demo.description import describe
from salesmode.demo.generation import Records
from salesmode.demo.loading import load
from salesmode.model.condition import ALWAYS, NEVER, Compare, Condition, Literal, Through, both, negated
from salesmode.model.object import Object
from salesmode.model.pipeline import PIPELINE, STAGE, Pipeline
from salesmode.tables import tables_of
from tests.presets.compiled import compiled
from tests.presets.office import NOW, company

PRESET = compiled("expert_b2b")
MODEL = PRESET.model


@pytest.fixture(scope="module")
def records() -> Mapping[str, Records]:
    return {each.of.name: each for each in company(PRESET)}


@pytest.fixture(scope="module")
async def database(records: Mapping[str, Records], module_database_url: str) -> AsyncIterator[Database]:
    database = await connect(module_database_url)
    tables = tables_of(MODEL, database.dialect)
    await database.with_connection(tables.create)
    await load(database, tables, list(records.values()), told=lambda _records, _done: None)
    yield database
    await database.close()


def forbidden(object_: Object) -> Iterator[tuple[str, Condition]]:
    """What no record of the object may be, by the name of the rule."""
    for each in object_.validations:
        yield each.name, both(each.when, negated(each.must))
    for field in object_.fields.values():
        if field.required not in {ALWAYS, NEVER}:
            yield (
                f"{field.name} is required",
                both(field.required, Compare(field.name, "isNull", Literal(True))),
            )
        if field.where != ALWAYS:
            wrong = Through(field.name, negated(field.where))
            yield f"{field.name} is chosen", both(Compare(field.name, "isNull", Literal(False)), wrong)


def not_let_in(pipeline: Pipeline) -> Iterator[tuple[str, Condition]]:
    """What no record may be where it stands, by the name of what should not have let it in."""
    for stage in pipeline.stages:
        there = Compare(PIPELINE, "eq", Literal(pipeline.name)), Compare(STAGE, "eq", Literal(stage.name))
        place = f"{pipeline.name}.{stage.name}"
        yield f"{place} exists", both(*there, negated(stage.when))
        for each in stage.entry.required:
            for field in each.fields:
                missing = Compare(field, "isNull", Literal(True))
                yield f"{place} requires {field}", both(*there, each.when, missing)
        for rule in stage.entry.validations:
            yield f"{place} {rule.name}", both(*there, rule.when, negated(rule.must))


RULES = [
    pytest.param(name, condition, id=f"{name}: {rule}")
    for name, each in MODEL.objects.items()
    for rule, condition in forbidden(each)
]
RULES += [
    pytest.param(pipeline.object, condition, id=f"{pipeline.object}: {rule}")
    for pipeline in MODEL.pipelines.values()
    for rule, condition in not_let_in(pipeline)
]


@pytest.mark.anyio
@pytest.mark.parametrize(("name", "condition"), RULES)
async def test_no_record_breaks_a_rule(database: Database, name: str, condition: Condition) -> None:
    scope = SystemScope(tables_of(MODEL, database.dialect))
    source = scope.source(name)
    wrong = (
        select(func.count())
        .select_from(source.table)
        .where(compile_condition(condition, source, scope, root=source))
    )
    statement = render(wrong, database.dialect)
    environment = Environment({}, {}, NOW, ZoneInfo(MODEL.app.timezone))
    ((count,),) = await database.fetch(Step(statement.sql, statement.bind(environment)))
    assert count == 0


def values(records: Mapping[str, Records], name: str, field: str) -> Counter[Any]:
    return Counter(row[field] for row in records[name].rows)


def test_the_people_who_sign_in_are_there_with_their_roles(records: Mapping[str, Records]) -> None:
    roles = {row["name"]: row["roles"] for row in records["user"].rows}
    assert describe(PRESET.layered.documents, MODEL, PRESET.sources).sign_in == ("admin", "chen", "lin")
    assert (roles["admin"], roles["chen"], roles["lin"]) == (("admin",), ("sales_manager",), ("sales",))


def test_every_role_of_the_preset_is_held_by_somebody(records: Mapping[str, Records]) -> None:
    held = {role for row in records["user"].rows for role in row["roles"]}  # type: ignore[attr-defined]
    assert held == set(MODEL.roles) - {"employee"} | {"admin"}


def test_each_team_that_sells_owns_customers_of_its_territory(records: Mapping[str, Records]) -> None:
    team = {row["id"]: row["team"] for row in records["user"].rows}
    of_territory = {row["id"]: row["team"] for row in records["territory"].rows}
    owners = [(team[row["owner"]], of_territory[row["territory"]]) for row in records["customer"].rows]
    assert {own for own, _ in owners} == {each for each in of_territory.values() if each is not None}
    assert sum(own == its for own, its in owners) > 0.9 * len(owners)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("customer", "level"),
        ("customer", "state"),
        ("customer", "grade"),
        ("customer", "account_class"),
        ("contact", "role"),
        ("opportunity", "line"),
        ("opportunity", "pipeline"),
        ("opportunity", "stage"),
        ("opportunity", "status"),
        ("opportunity", "lost_reason"),
        ("activity", "kind"),
        ("activity", "outcome"),
    ],
)
def test_every_option_occurs(records: Mapping[str, Records], name: str, field: str) -> None:
    options = {option.name for option in MODEL.objects[name].fields[field].options}
    assert options == set(values(records, name, field)) - {None}


def test_groups_are_several_levels_deep(records: Mapping[str, Records]) -> None:
    parents = {row["id"]: row["parent"] for row in records["customer"].rows}

    def depth(id_: object) -> int:
        return 0 if id_ is None else 1 + depth(parents[id_])

    assert max(map(depth, parents)) >= 4


def test_deals_were_closed_all_over_the_last_two_years(records: Mapping[str, Records]) -> None:
    closed = [row for row in records["opportunity"].rows if row["status"] == "won"]
    months = {(row["close_date"].year, row["close_date"].month) for row in closed}  # type: ignore[attr-defined]
    assert len(months) >= 20
    assert all(row["close_date"] <= NOW.date() for row in closed)  # type: ignore[operator]


def test_nothing_happened_in_the_future(records: Mapping[str, Records]) -> None:
    for name, fields in {"activity": ["at"], "task": ["done_at"]}.items():
        for field in ("created_at", "updated_at", *fields):
            assert all(at <= NOW for at in values(records, name, field) if at is not None)


def test_the_next_thing_to_do_is_partly_overdue(records: Mapping[str, Records]) -> None:
    open_tasks = [row["due"] for row in records["task"].rows if row["done_at"] is None]
    overdue = sum(due < NOW for due in open_tasks)  # type: ignore[operator]
    assert 0.1 * len(open_tasks) < overdue < 0.6 * len(open_tasks)


def test_invented_addresses_lead_nowhere(records: Mapping[str, Records]) -> None:
    for name in ("user", "customer", "contact"):
        assert all(mail.endswith(".example") for mail in values(records, name, "email") if mail is not None)


def test_every_deal_came_to_its_stage_on_a_way_that_there_is(records: Mapping[str, Records]) -> None:
    """One stay after the other, from the creation to where the deal stands."""
    passed: dict[object, list[Mapping[str, Any]]] = {}
    for stay in records["stage_change"].rows:
        passed.setdefault(stay["opportunity"], []).append(stay)
    for deal in records["opportunity"].rows:
        stayed = passed[deal["id"]]
        assert stayed[0]["direction"] == "start"
        assert stayed[0]["entered_at"] == deal["created_at"]
        assert [each["left_at"] for each in stayed[:-1]] == [each["entered_at"] for each in stayed[1:]]
        last = stayed[-1]
        assert (last["stage"], last["status"], last["left_at"]) == (deal["stage"], deal["status"], None)
        assert last["entered_at"] == deal["stage_since"]


def test_a_deal_stands_where_its_pipeline_has_a_place(records: Mapping[str, Records]) -> None:
    for deal in records["opportunity"].rows:
        pipeline = MODEL.pipelines[str(deal["pipeline"])]
        if pipeline.staged:
            assert pipeline.stage(str(deal["stage"])).status == deal["status"]
        else:
            assert deal["stage"] is None
        assert (deal["closed_at"] is None) == (deal["status"] == "open")
