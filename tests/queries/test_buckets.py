"""Buckets of time in the app's zone, and measures that are exact over many rows."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.support.models import field, model, object_
from tests.support.rows import id_of
from tests.support.world import MODEL, World, open_world

VISIT = object_(
    "visit",
    {
        "at": field("datetime"),
        "day": field("date"),
        "cost": field("money"),
        "size": field("integer"),
        "share": field("decimal"),
        "tie": field("text"),
    },
)
INSTANTS = (
    datetime(2026, 3, 31, 15, 59, 59, 999999, tzinfo=UTC),  # still March in Shanghai
    datetime(2026, 3, 31, 16, 0, tzinfo=UTC),  # 1 April there, a Wednesday
    datetime(2026, 4, 5, 15, 59, tzinfo=UTC),  # Sunday there
    datetime(2026, 4, 5, 16, 0, tzinfo=UTC),  # Monday there
    datetime(2025, 12, 31, 16, 30, tzinfo=UTC),  # New Year there
)
PENNIES = 10_000
# Sums over 200 rows, whose averages lie in the middle between two numbers of six places.
TIES = {
    "0.0001": "0.000000",
    "0.0003": "0.000002",
    "0.0005": "0.000002",
    "0.0007": "0.000004",
    "-0.0001": "0.000000",
    "-0.0003": "-0.000002",
    "-0.0005": "-0.000002",
}


@pytest.fixture(scope="module")
async def visits(module_database_url: str) -> AsyncIterator[World]:
    """Visits at the edges of periods, and ten thousand amounts whose floats do not add up."""
    rows = [{"id": id_of(1, number), "at": at, "day": at.date()} for number, at in enumerate(INSTANTS)]
    rows += [
        {"id": id_of(2, number), "cost": Decimal(number % 7 - 3) + Decimal("0.10"), "size": number % 3}
        for number in range(PENNIES)
    ]
    for kind, (tie, _) in enumerate(TIES.items()):
        shares = [Decimal(tie), *[Decimal(0)] * 199]
        rows += [{"id": id_of(4 + kind, at), "tie": tie, "share": each} for at, each in enumerate(shares)]
    found = model(VISIT, roles=MODEL.roles.values(), timezone="Asia/Shanghai")
    users = [{"id": id_of(3, 1), "name": "root"}]
    world = await open_world(module_database_url, found, {"user": users, "visit": rows}, ())
    yield world
    await world.database.close()


@pytest.mark.parametrize(
    ("field_", "by", "expected"),
    [
        (
            "at",
            "HOUR",
            [
                "2025-12-31T16:00:00Z",
                "2026-03-31T15:00:00Z",
                "2026-03-31T16:00:00Z",
                *["2026-04-05T15:00:00Z", "2026-04-05T16:00:00Z"],
            ],
        ),
        (
            "at",
            "DAY",
            [
                "2025-12-31T16:00:00Z",
                "2026-03-30T16:00:00Z",
                "2026-03-31T16:00:00Z",
                *["2026-04-04T16:00:00Z", "2026-04-05T16:00:00Z"],
            ],
        ),
        ("at", "WEEK", ["2025-12-28T16:00:00Z", "2026-03-29T16:00:00Z", "2026-04-05T16:00:00Z"]),
        ("at", "MONTH", ["2025-12-31T16:00:00Z", "2026-02-28T16:00:00Z", "2026-03-31T16:00:00Z"]),
        ("at", "QUARTER", ["2025-12-31T16:00:00Z", "2026-03-31T16:00:00Z"]),
        ("at", "YEAR", ["2025-12-31T16:00:00Z"]),
        ("day", "DAY", ["2025-12-31", "2026-03-31", "2026-04-05"]),
        ("day", "WEEK", ["2025-12-29", "2026-03-30"]),
        ("day", "MONTH", ["2025-12-01", "2026-03-01", "2026-04-01"]),
        ("day", "QUARTER", ["2025-10-01", "2026-01-01", "2026-04-01"]),
        ("day", "YEAR", ["2025-01-01", "2026-01-01"]),
    ],
)
async def test_a_bucket_is_its_first_day_or_instant_in_the_apps_zone(
    visits: World, field_: str, by: str, expected: list[str]
) -> None:
    text = (
        f'visitAggregate(groupBy: [{{field: "{field_}", by: {by}}}], where: {{at: {{isNull: false}}}}) '
        f"{{ key {{ {field_} }} count }}"
    )
    found = await visits.ask("root", text)
    assert [each["key"][field_] for each in found] == expected
    assert sum(each["count"] for each in found) == len(INSTANTS)


async def test_weeks_begin_where_the_app_says(visits: World) -> None:
    sunday = replace(visits.tables.model.app, week_start="sunday")
    tables = replace(visits.tables, model=replace(visits.tables.model, app=sunday))
    world = World(visits.database, tables)
    text = (
        'visitAggregate(groupBy: [{field: "day", by: WEEK}], where: {day: {isNull: false}}) { key { day } }'
    )
    assert [each["key"]["day"] for each in await world.ask("root", text)] == [
        *("2025-12-28", "2026-03-29", "2026-04-05"),
    ]
    text = 'visitAggregate(groupBy: [{field: "at", by: WEEK}], where: {at: {isNull: false}}) { key { at } }'
    assert [each["key"]["at"] for each in await world.ask("root", text)] == [
        *("2025-12-27T16:00:00Z", "2026-03-28T16:00:00Z", "2026-04-04T16:00:00Z"),
    ]


async def test_ten_thousand_amounts_add_up_to_the_cent(visits: World) -> None:
    total = sum((Decimal(number % 7 - 3) + Decimal("0.10") for number in range(PENNIES)), Decimal(0))
    (found,) = await visits.ask("root", "visitAggregate { sum { cost } avg { cost size } }")
    assert found["sum"]["cost"] == str(total)
    assert found["avg"] == {"cost": str((total / PENNIES).quantize(Decimal("0.000001"))), "size": "0.999900"}


async def test_an_average_in_the_middle_goes_to_the_even_neighbour(visits: World) -> None:
    groups = 'groupBy: [{field: "tie"}], where: {tie: {isNull: false}}'
    found = await visits.ask("root", f"visitAggregate({groups}) {{ key {{ tie }} avg {{ share }} }}")
    assert {each["key"]["tie"]: each["avg"]["share"] for each in found} == TIES
