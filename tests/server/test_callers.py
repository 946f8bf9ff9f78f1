"""What is known of a caller: rights, teams, territories; and for how long."""

from dataclasses import replace

import pytest

from salesmode.database.connect import connect
from salesmode.diagnostics import Refusal
from salesmode.server.callers import Callers
from salesmode.server.tokens import Identity
from salesmode.tables import tables_of
from tests.server.office import Office, opened

pytestmark = pytest.mark.anyio

DEALS = "{ deals { nodes { name } } }"


def names(found: object) -> list[str]:
    return sorted(each["name"] for each in found["data"]["deals"]["nodes"])  # type: ignore[index]


async def company(served: Office) -> dict[str, str]:
    """Two levels of teams and territories, a deal in each."""
    ids = {"top": await served.new("team", name="top")}
    ids["mid"] = await served.new("team", name="mid", parent=ids["top"])
    ids["low"] = await served.new("team", name="low", parent=ids["mid"])
    ids["north"] = await served.new("territory", name="north", team=ids["mid"])
    ids["coast"] = await served.new("territory", name="coast", parent=ids["north"])
    ids["south"] = await served.new("territory", name="south", team=ids["top"])
    for team in ("top", "mid", "low"):
        await served.new("deal", name=f"of {team}", team=ids[team])
    for place in ("north", "coast", "south"):
        await served.new("deal", name=f"in {place}", place=ids[place])
    return ids


async def test_teams_are_the_callers_own_and_all_below(served: Office) -> None:
    ids = await company(served)
    await served.new("user", name="bob", roles=["rep"], team=ids["mid"])
    assert names((await served.ask(DEALS, "bob")).json()) == ["of low", "of mid"]


async def test_territories_are_those_of_the_teams_and_all_below(served: Office) -> None:
    ids = await company(served)
    await served.new("user", name="bob", roles=["scout"], team=ids["mid"])
    assert names((await served.ask(DEALS, "bob")).json()) == ["in coast", "in north"]


async def test_territories_are_those_of_a_member_too_and_all_below(served: Office) -> None:
    ids = await company(served)
    bob = await served.new("user", name="bob", roles=["scout"])
    assert names((await served.ask(DEALS, "bob")).json()) == []
    of_coast = await served.new("territory_member", territory=ids["coast"], user=bob)
    assert names((await served.ask(DEALS, "bob")).json()) == ["in coast"]
    await served.change("territory_member", of_coast, {"territory": ids["north"]})
    assert names((await served.ask(DEALS, "bob")).json()) == ["in coast", "in north"]
    await served.change("user", bob, {"team": ids["top"]})
    assert names((await served.ask(DEALS, "bob")).json()) == ["in coast", "in north", "in south"]
    await served.new("user", name="eve", roles=["scout"])
    assert names((await served.ask(DEALS, "eve")).json()) == []


async def test_a_role_that_is_gone_grants_nothing_and_keeps_nobody_out(served: Office) -> None:
    ids = await company(served)
    await served.new("user", name="bob", roles=["boss", "rep"], team=ids["mid"])
    await served.new("user", name="eve", roles=["boss"], team=ids["mid"])
    kept = {"rep": served.model.roles["rep"]}
    later = opened(served.database, replace(served.model, roles=kept, version="later"), served.url)
    for named in (None, ["boss", "rep"]):
        assert names((await later.ask(DEALS, "bob", roles=named)).json()) == ["of low", "of mid"]
    answer = (await later.ask("{ viewer { name } }", "eve")).json()
    assert answer == {"data": {"viewer": {"name": "eve"}}}
    await later.client.aclose()


async def test_a_token_with_roles_narrows_to_those_that_the_user_has_inherited_ones_too(
    served: Office,
) -> None:
    ids = await company(served)
    await served.new("user", name="eve", roles=["boss"], team=ids["low"])
    await served.new("deal", name="both", team=ids["low"], place=ids["coast"])
    await served.new("territory", name="isle", team=ids["low"])
    assert names((await served.ask(DEALS, "eve")).json()) == ["both", "of low"]
    assert names((await served.ask(DEALS, "eve", roles=["rep"])).json()) == ["both", "of low"]
    for roles in (["admin"], []):
        answer = (await served.ask(DEALS, "eve", roles=roles)).json()
        assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_a_caller_is_asked_for_at_most_once_a_second_unless_users_change(served: Office) -> None:
    now = [100.0]
    callers = Callers(tables_of(served.model, served.database.dialect), served.database, clock=lambda: now[0])

    async def asked(after: float) -> int:
        now[0] += after
        served.heard.clear()
        await callers.caller(Identity("ann"), "en")
        return len(served.heard)

    assert [await asked(0), await asked(0.9), await asked(0.2), await asked(0.9)] == [1, 0, 1, 0]
    await served.new("deal", name="no news of users")
    assert await asked(0) == 0
    await served.new("team", name="news")
    assert [await asked(0), await asked(0.1)] == [1, 1]  # it may not be committed yet
    assert [await asked(2), await asked(0.1)] == [1, 0]


async def test_another_process_sees_a_change_within_a_second(served: Office) -> None:
    now = [100.0]
    other = await connect(served.url)
    try:
        callers = Callers(tables_of(served.model, other.dialect), other, clock=lambda: now[0])
        id_ = await served.new("user", name="bob", roles=["rep"])
        assert (await callers.caller(Identity("bob"), "en")).policy.roles == {"rep"}
        await served.change("user", id_, {"active": False})
        now[0] += 1
        with pytest.raises(Refusal):
            await callers.caller(Identity("bob"), "en")
    finally:
        await other.close()


async def test_a_user_who_was_deactivated_is_out_at_once(served: Office) -> None:
    id_ = await served.new("user", name="bob", roles=["admin"])
    assert (await served.ask(DEALS, "bob")).status_code == 200
    await served.change("user", id_, {"active": False})
    assert (await served.ask(DEALS, "bob")).status_code == 401
    await served.change("user", id_, {"active": True})
    assert (await served.ask(DEALS, "bob")).status_code == 200


async def test_a_role_that_was_taken_is_gone_at_once(served: Office) -> None:
    id_ = await served.new("user", name="bob", roles=["admin"])
    assert (await served.ask(DEALS, "bob")).json() == {"data": {"deals": {"nodes": []}}}
    await served.change("user", id_, {"roles": []})
    assert (await served.ask(DEALS, "bob")).json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
