"""Users have roles that there are, and not the engine's name (RULINGS 5, 48)."""

from dataclasses import replace

import pytest

from salesmode.model.app import Model
from salesmode.tables import tables_of
from tests.records.conftest import OpenDesk
from tests.records.kit import Desk, refused, role
from tests.support.models import field, model, object_


def staff(*roles: str) -> Model:
    user = object_(
        "user",
        {
            "name": field("text", required=True, unique=True),
            "roles": field("multi_choice", open_options=True),
        },
    )
    other = object_("place", {"name": field("text"), "roles": field("multi_choice", open_options=True)})
    return model(user, other, roles=[role(each) for each in roles])


@pytest.fixture
async def desk(open_desk: OpenDesk) -> Desk:
    return await open_desk(staff("clerk", "boss"))


async def test_a_user_gets_roles_that_there_are(desk: Desk) -> None:
    id_ = await desk.system().new("user", name="li", roles=["clerk", "admin"])
    assert (await desk.row("user", id_))["roles"] == ("clerk", "admin")
    for wrong in (["clerc"], ["clerk", "system"]):
        found = await refused(desk.system().update("user", id_, roles=wrong))
        assert found == ("VALIDATION_FAILED", {(("input", "roles"), "unknown_role")})
        found = await refused(desk.system().new("user", name="wu", roles=wrong))
        assert found == ("VALIDATION_FAILED", {(("input", "roles"), "unknown_role")})


async def test_a_role_that_is_gone_stays_with_who_had_it_until_it_is_taken_away(desk: Desk) -> None:
    (id_,) = await desk.system().upsert("user", ["name"], {"name": "li", "roles": ["clerk", "boss"]})
    later = replace(desk, tables=tables_of(staff("clerk"), desk.tables.dialect))
    await later.system().update("user", id_, roles=["boss"])
    await later.system().upsert("user", ["name"], {"name": "li", "roles": ["boss", "clerk"]})
    await later.system().update("user", id_, roles=["clerk"])
    found = await refused(later.system().update("user", id_, roles=["clerk", "boss"]))
    assert found == ("VALIDATION_FAILED", {(("input", "roles"), "unknown_role")})


async def test_nobody_is_called_like_the_engine(desk: Desk) -> None:
    found = await refused(desk.system().new("user", name="system", roles=["x"]))
    assert found == (
        "VALIDATION_FAILED",
        {(("input", "name"), "name_of_the_engine"), (("input", "roles"), "unknown_role")},
    )
    id_ = await desk.system().new("user", name="systems")
    assert (await refused(desk.system().update("user", id_, name="system")))[0] == "VALIDATION_FAILED"


async def test_other_objects_may_say_what_they_like(desk: Desk) -> None:
    id_ = await desk.system().new("place", name="system", roles=["harbour"])
    assert (await desk.row("place", id_))["roles"] == ("harbour",)
