"""Handing over what somebody owns (D8, RULING 16)."""

from salesmode.model.app import Model
from salesmode.model.condition import Compare, Literal
from salesmode.model.role import Role
from salesmode.records import transfer_ownership
from tests.records.conftest import OpenDesk
from tests.records.kit import Caller, Desk, eq, grant, refused, role
from tests.support.models import field, model, object_


def firm() -> Model:
    owned = {"name": field("text"), "owner": field("user")}
    users = grant("user", read=Compare("name", "ne", Literal("Ghost")), fields={"name": "read"})
    readable = {"name": "read", "owner": "read"}

    def boss(name: str, lead: object, deal: object) -> Role:
        return role(
            name,
            users,
            grant("lead", read=Compare("name", "ne", Literal("hidden")), transfer=lead, fields=readable),
            grant("deal", read=True, transfer=deal, fields=readable),
        )

    return model(
        object_("lead", owned, owned=True),
        object_("deal", owned, owned=True),
        object_("paper", {"owner": field("user")}),
        roles=[boss("boss", True, True), boss("half", True, None), boss("some", eq("name", "open"), True)],
    )


async def hand(caller: Caller, from_: str, to: str | None, *objects: str) -> dict[str, int]:
    unit = lambda: transfer_ownership(  # noqa: E731
        caller.scope, from_, to, caller.environment, objects=objects or None
    )
    caller.desk.heard.clear()
    moved = await caller.desk.database.run(unit)
    return {name: len(ids) for name, ids in moved.items()}


async def people(desk: Desk) -> tuple[str, str, str]:
    li, wu, ghost = await desk.system().create("user", {"name": "Li"}, {"name": "Wu"}, {"name": "Ghost"})
    await desk.system().create("lead", *[{"name": "open", "owner": li}] * 3, {"name": "hidden", "owner": li})
    await desk.system().create("deal", {"name": "a", "owner": li}, {"name": "b", "owner": wu})
    await desk.system().create("paper", {"owner": li})
    return li, wu, ghost


async def owners(desk: Desk, object_name: str) -> list[str]:
    return [row["owner"] for row in await desk.rows(object_name)]


async def test_everything_that_is_seen_is_handed_over_at_once(open_desk: OpenDesk) -> None:
    desk = await open_desk(firm())
    li, wu, _ = await people(desk)
    assert await hand(desk.caller({}, "boss"), li, wu) == {"lead": 3, "deal": 1}
    assert await owners(desk, "lead") == [wu, wu, wu, li]
    assert await owners(desk, "deal") == [wu, wu]
    assert await owners(desk, "paper") == [li]
    (lead, *_) = await desk.rows("lead")
    assert lead["version"] == 2
    assert [(each["field"], each["old"], each["new"]) for each in await desk.changes(lead["id"])][-1] == (
        "owner",
        f'"{li}"',
        f'"{wu}"',
    )


async def test_nobody_may_get_it_which_makes_a_pool(open_desk: OpenDesk) -> None:
    desk = await open_desk(firm())
    li, _, _ = await people(desk)
    assert await hand(desk.caller({}, "boss"), li, None, "deal") == {"deal": 1}
    assert None in await owners(desk, "deal")


async def test_only_what_the_caller_may_transfer_is_meant(open_desk: OpenDesk) -> None:
    desk = await open_desk(firm())
    li, wu, _ = await people(desk)
    half = desk.caller({}, "half")
    for objects in (("deal",), ("lead", "deal"), ("paper",), ("nope",)):
        assert await refused(hand(half, li, wu, *objects)) == ("BAD_REQUEST", set())
    assert await hand(half, li, wu) == {"lead": 3}


async def test_one_record_that_may_not_be_transferred_stops_them_all(open_desk: OpenDesk) -> None:
    desk = await open_desk(firm())
    li, wu, _ = await people(desk)
    await desk.system().create("lead", {"name": "closed", "owner": li})
    assert await refused(hand(desk.caller({}, "some"), li, wu)) == ("FORBIDDEN", set())
    assert await owners(desk, "deal") == [li, wu]


async def test_the_new_owner_must_be_somebody_the_caller_sees(open_desk: OpenDesk) -> None:
    desk = await open_desk(firm())
    li, _, ghost = await people(desk)
    boss = desk.caller({}, "boss")
    for stranger in (ghost, "00000000-0000-7000-8000-000000000000"):
        found = await refused(hand(boss, li, stranger))
        assert found == ("VALIDATION_FAILED", {(("to",), "not_found")})
    assert await refused(hand(boss, "garbage", ghost)) == ("NOT_FOUND", set())


async def test_many_records_cost_what_one_costs(open_desk: OpenDesk) -> None:
    desk = await open_desk(firm())
    li, wu, _ = await people(desk)
    await hand(desk.caller({}, "boss"), li, wu, "deal")
    few = len(desk.heard)
    await desk.system().create("deal", *[{"owner": li}] * 1000)
    await desk.system().create("deal", *[{"owner": li}] * 500)
    assert await hand(desk.caller({}, "boss"), li, wu, "deal") == {"deal": 1500}
    assert len(desk.heard) == few
