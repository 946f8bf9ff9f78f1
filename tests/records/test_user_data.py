"""The metadata's own records: loaded by key, again and again, in whatever order (RULING 6)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from salesmode.diagnostics import MetadataError
from salesmode.model.app import Model, UserData
from salesmode.model.condition import Moment
from salesmode.records.user_data import load_user_data
from salesmode.tables import tables_of
from tests.records.conftest import OpenDesk
from tests.records.kit import NOW, Desk
from tests.support.models import SPAN, field, model, object_, reference


def records(name: str, object_name: str, by: tuple[str, ...], *given: Mapping[str, object]) -> UserData:
    return UserData(name, object_name, by, given, replace(SPAN, file=f"{name}.yaml"))


def company(*user_data: UserData) -> Model:
    user = object_(
        "user",
        {
            "name": field("text", required=True, unique=True),
            "team": reference("team"),
            "key": field("secret"),
        },
    )
    team = object_(
        "team",
        {
            "name": field("text", required=True, unique=True),
            "parent": reference("team"),
            "leader": field("user"),
            "members": field("multi_reference", to="user"),
            "since": field("date"),
            "rank": field("integer", max=9),
        },
    )
    seat = object_(
        "seat",
        {
            "team": reference("team", required=True),
            "number": field("integer", required=True),
            "note": field("text"),
        },
        unique=(("team", "number"),),
    )
    return model(user, team, seat, user_data=user_data)


async def load(desk: Desk) -> None:
    desk.heard.clear()
    await desk.database.run(lambda: load_user_data(desk.tables, desk.system().environment))


USERS = records(
    "people", "user", ("name",), {"name": "Li", "team": "East", "key": "k"}, {"name": "Wu", "team": "West"}
)
TEAMS = records(
    "teams",
    "team",
    ("name",),
    {"name": "East", "parent": "All", "leader": "Li", "members": ("Wu", "Li"), "since": Moment("today")},
    {"name": "West", "parent": "All", "leader": "Wu"},
    {"name": "All"},
)
SEATS = records("seats", "seat", ("team", "number"), {"team": "East", "number": 1, "note": "window"})


async def test_records_may_refer_to_each_other_in_any_order(open_desk: OpenDesk) -> None:
    desk = await open_desk(company(SEATS, USERS, TEAMS))
    await load(desk)
    teams = {row["name"]: row for row in await desk.rows("team")}
    users = {row["name"]: row for row in await desk.rows("user")}
    assert {row["parent"] for row in teams.values()} == {None, teams["All"]["id"]}
    assert teams["East"]["leader"] == users["Li"]["id"]
    assert teams["East"]["members"] == (users["Wu"]["id"], users["Li"]["id"])
    assert users["Wu"]["team"] == teams["West"]["id"]
    assert teams["East"]["since"] == NOW.date()
    (seat,) = await desk.rows("seat")
    assert (seat["team"], seat["note"]) == (teams["East"]["id"], "window")


async def test_loading_again_writes_nothing(open_desk: OpenDesk) -> None:
    desk = await open_desk(company(USERS, TEAMS, SEATS))
    await load(desk)
    before = [await desk.rows(name) for name in ("user", "team", "seat")]
    await load(desk)
    assert [await desk.rows(name) for name in ("user", "team", "seat")] == before
    assert {sql.split()[0] for sql in desk.heard} == {"SELECT"}


async def test_what_the_metadata_says_now_is_brought_in(open_desk: OpenDesk) -> None:
    desk = await open_desk(company(USERS, TEAMS, SEATS))
    await load(desk)
    (before,) = await desk.rows("seat")
    changed = company(
        records("seats", "seat", ("team", "number"), {"team": "East", "number": 1, "note": "door"})
    )
    desk.tables = tables_of(changed, desk.tables.dialect)
    await load(desk)
    assert await desk.rows("seat") == [before | {"note": "door", "version": 2}]
    assert [(each["field"], each["new"]) for each in await desk.changes(before["id"])][-1] == (
        "note",
        '"door"',
    )


async def test_a_reference_may_be_to_what_is_in_the_database_only(open_desk: OpenDesk) -> None:
    desk = await open_desk(company(records("teams", "team", ("name",), {"name": "East", "leader": "Xu"})))
    xu = await desk.system().new("user", name="Xu")
    await load(desk)
    assert [row["leader"] for row in await desk.rows("team")] == [xu]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"name": "East", "leader": "Nobody"},
            "teams.yaml:1:1: SM802 records[0].leader: There is no such record.",
        ),
        ({"name": "East", "rank": 10}, "teams.yaml:1:1: SM802 records[0].rank: At most 9 is expected."),
    ],
)
async def test_what_cannot_be_loaded_is_told_with_its_place(
    open_desk: OpenDesk, given: dict[str, Any], said: str
) -> None:
    desk = await open_desk(company(records("teams", "team", ("name",), given)))
    with pytest.raises(MetadataError) as caught:
        await load(desk)
    assert str(caught.value) == said
    assert await desk.rows("team") == []


async def test_sets_cost_a_few_statements_each(open_desk: OpenDesk) -> None:
    many = [{"name": f"t{n}", "parent": f"t{(n + 1) % 300}"} for n in range(300)]
    desk = await open_desk(company(records("teams", "team", ("name",), *many)))
    await load(desk)
    assert len(desk.heard) <= 5
    assert len({row["parent"] for row in await desk.rows("team")}) == 300


async def test_a_clock_that_moved_changes_what_a_moment_means(open_desk: OpenDesk) -> None:
    desk = await open_desk(company(TEAMS, USERS))
    await load(desk)
    later = desk.system().at(NOW + timedelta(days=1)).environment
    await desk.database.run(lambda: load_user_data(desk.tables, later))
    since = {row["name"]: row["since"] for row in await desk.rows("team")}
    assert since["East"] == NOW.date() + timedelta(days=1)
