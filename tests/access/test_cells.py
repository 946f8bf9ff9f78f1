"""Several roles on real rows: a right on a cell comes from one single role (RULINGS 15, 17, 48)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from salesmode.diagnostics.refusal import Refusal
from tests.support.granting import MINE, add_on, eq, grant, masked, role
from tests.support.models import field, model, object_, reference
from tests.support.rows import id_of
from tests.support.world import People, World, open_world

DEAL = object_(
    "deal",
    {
        "name": field("text"),
        "region": field("choice", options=("north", "south")),
        "phone": field("text"),
        "margin": field("money"),
        "owner": field("user"),
        "project": reference("project"),
    },
)
PROJECT = object_("project", {"name": field("text")})
DENYING = grant("deal", True, name=True)
ROLES = (
    role("north", grant("deal", eq("region", "north"), name=True, region=True, phone=masked("last4"))),
    role("south", grant("deal", eq("region", "south"), region=True, phone=masked("first1", clear=MINE))),
    role("all_names", grant("deal", name=True)),
    role("northern_lead", grant("project", name=True), inherits=("north",)),
    role("margins", add_on("deal", margin=True, project=True)),
    role("own_only", grant("deal", MINE, name=True, owner=True)),
    replace(role("no_phones", DENYING), objects={"deal": replace(DENYING, denied=frozenset({"phone"}))}),
)
ME, OTHER = id_of(1, 1), id_of(1, 2)
ROWS: dict[str, list[dict[str, Any]]] = {
    "user": [{"id": ME, "name": "Me"}, {"id": OTHER, "name": "Other"}],
    "project": [{"id": id_of(2, 1), "name": "Tower"}],
    "deal": [
        {
            "id": id_of(3, number),
            "name": f"deal {number}",
            "region": region,
            "phone": f"0555123{number}",
            "margin": number,
            "owner": owner,
            "project": id_of(2, 1),
        }
        for number, region, owner in ((1, "north", ME), (2, "south", ME), (3, "south", OTHER))
    ],
}


@pytest.fixture(scope="module")
async def world(module_database_url: str) -> AsyncIterator[World]:
    found = await open_world(module_database_url, model(DEAL, PROJECT, roles=ROLES), ROWS, ())
    yield found
    await found.database.close()


async def deals(world: World, roles: str, fields: str) -> list[list[Any]]:
    """What a holder of these roles sees, field by field."""
    people: People = {"me": (ME, tuple(roles.split()), None)}
    found = await replace(world, people=people).ask("me", f"deals {{ nodes {{ {fields} }} }}")
    return [list(each.values()) for each in found["nodes"]]


async def test_a_role_gives_its_fields_on_its_own_rows_alone(world: World) -> None:
    assert await deals(world, "north", "name") == [["deal 1"]]
    assert await deals(world, "north south", "name region") == [
        *(["deal 1", "north"], [None, "south"], [None, "south"]),
    ]
    assert await deals(world, "north south all_names", "name") == [["deal 1"], ["deal 2"], ["deal 3"]]


async def test_a_cell_is_not_put_together_of_two_roles(world: World) -> None:
    """`all_names` has every row and no region, `north` has regions and other rows."""
    assert await deals(world, "north all_names", "name region") == [
        *(["deal 1", "north"], ["deal 2", None], ["deal 3", None]),
    ]


async def test_each_role_masks_its_own_rows_in_its_own_way(world: World) -> None:
    assert await deals(world, "north south", "phone") == [["••••1231"], ["05551232"], ["0••••"]]


async def test_a_role_holds_what_it_inherits(world: World) -> None:
    assert await deals(world, "northern_lead", "name region phone") == [["deal 1", "north", "••••1231"]]


async def test_an_add_on_adds_fields_to_rows_that_others_grant(world: World) -> None:
    assert await deals(world, "north margins", "name margin") == [["deal 1", "1.00"]]
    with pytest.raises(Refusal):
        await deals(world, "margins", "id")


async def test_a_denial_wins_over_every_grant(world: World) -> None:
    with pytest.raises(Refusal, match="There is no 'phone' here"):
        await deals(world, "north south no_phones", "phone")
    assert len(await deals(world, "north south no_phones", "name")) == 3


async def test_a_reference_to_what_no_role_reads_is_no_field(world: World) -> None:
    with pytest.raises(Refusal, match="There is no 'project' here"):
        await deals(world, "north margins", "project { id }")
    assert await deals(world, "northern_lead margins", "project { name }") == [[{"name": "Tower"}]]


async def test_an_inverse_needs_its_link(world: World) -> None:
    people: People = {"me": (ME, ("northern_lead", "margins"), None), "lead": (ME, ("northern_lead",), None)}
    asked = replace(world, people=people)
    assert await asked.ask("me", "projects { nodes { deals { totalCount } } }") == {
        "nodes": [{"deals": {"totalCount": 1}}]
    }
    with pytest.raises(Refusal, match="There is no 'deals' here"):
        await asked.ask("lead", "projects { nodes { deals { totalCount } } }")


async def test_everyone_is_somebody_to_themselves(world: World) -> None:
    assert await deals(world, "own_only", "name owner { name }") == [
        *(["deal 1", {"name": "Me"}], ["deal 2", {"name": "Me"}]),
    ]
    nobody = replace(world, people={"me": (OTHER, (), None)})
    assert await nobody.ask("me", "viewer { id name }") == {"id": OTHER, "name": "Other"}
    assert await nobody.ask("me", "users { nodes { name } }") == {"nodes": [{"name": "Other"}]}
