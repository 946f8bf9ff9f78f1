"""Who may write what: rows, cells, presets and checks, role by role (RULINGS 10, 15, 20)."""

from salesmode.model.app import Model
from salesmode.model.condition import NEVER, Compare, Literal, Through, UserValue, either
from salesmode.model.role import Role
from tests.records.conftest import OpenDesk
from tests.records.kit import MINE, Desk, eq, grant, refused, right, role
from tests.support.models import field, model, object_, reference

EVERY = {"name": "write", "region": "write", "amount": "write", "owner": "write"}
NORTH = eq("region", "north")


def shop(*roles: Role) -> Model:
    deal = object_(
        "deal",
        {
            "name": field("text", required=True),
            "region": field("text"),
            "amount": field("integer"),
            "secret_note": field("text"),
            "owner": field("user"),
        },
        owned=True,
    )
    return model(deal, object_("hidden"), roles=roles)


def seller(*grants: object, name: str = "seller") -> Role:
    user = grant("user", read=True, fields={"name": "read"})
    return role(name, user, *grants)  # type: ignore[arg-type]


async def user(desk: Desk, name: str = "Li") -> str:
    return await desk.system().new("user", name=name)


async def test_an_object_without_any_grant_is_unknown(open_desk: OpenDesk) -> None:
    desk = await open_desk(shop(seller()))
    for object_name in ("deal", "hidden", "nope"):
        assert await refused(desk.caller({}, "seller").new(object_name)) == ("BAD_REQUEST", set())


async def test_a_field_without_any_grant_is_unknown(open_desk: OpenDesk) -> None:
    desk = await open_desk(shop(seller(grant("deal", read=True, create=True, fields={"name": "write"}))))
    attempt = desk.caller({}, "seller").new("deal", name="x", secret_note="y")
    assert await refused(attempt) == ("BAD_REQUEST", set())


async def test_the_row_right_of_create_is_about_the_new_row(open_desk: OpenDesk) -> None:
    desk = await open_desk(shop(seller(grant("deal", read=True, create=NORTH, fields=EVERY))))
    caller = desk.caller({"id": await user(desk)}, "seller")
    await caller.new("deal", name="x", region="north")
    found = await refused(caller.create("deal", {"name": "y", "region": "south"}, {"name": "z"}))
    assert found == ("FORBIDDEN", {(("input", 0), "check"), (("input", 1), "check")})
    assert [row["name"] for row in await desk.rows("deal")] == ["x"]


async def test_check_is_about_the_new_row(open_desk: OpenDesk) -> None:
    update = right(MINE, check=NORTH)
    desk = await open_desk(shop(seller(grant("deal", read=True, create=True, update=update, fields=EVERY))))
    caller = desk.caller({"id": await user(desk)}, "seller")
    id_ = await caller.new("deal", name="x", region="south")
    assert await refused(caller.update("deal", id_, name="y")) == ("FORBIDDEN", {(("input",), "check")})
    await caller.update("deal", id_, region="north")
    await caller.update("deal", id_, name="y")
    assert (await desk.row("deal", id_))["name"] == "y"


async def test_the_row_right_of_update_is_about_the_old_row(open_desk: OpenDesk) -> None:
    desk = await open_desk(shop(seller(grant("deal", read=True, create=True, update=MINE, fields=EVERY))))
    me, other = await user(desk, "me"), await user(desk, "other")
    caller = desk.caller({"id": me}, "seller")
    id_ = await caller.new("deal", name="x")
    await caller.update("deal", id_, owner=other)
    assert await refused(caller.update("deal", id_, owner=me)) == ("FORBIDDEN", set())


async def test_what_is_not_visible_is_not_found(open_desk: OpenDesk) -> None:
    desk = await open_desk(shop(seller(grant("deal", read=MINE, update=True, delete=True, fields=EVERY))))
    caller = desk.caller({"id": await user(desk)}, "seller")
    (theirs, mine) = await desk.system().create("deal", {"name": "x"}, {"name": "y", "owner": caller.id})
    for id_ in (theirs, "00000000-0000-7000-8000-000000000000", "garbage", ""):
        assert await refused(caller.update("deal", id_, name="z")) == ("NOT_FOUND", set())
        assert await refused(caller.delete("deal", id_)) == ("NOT_FOUND", set())
    await caller.update("deal", mine.upper(), name="z")


async def test_a_field_may_be_locked_by_the_old_row(open_desk: OpenDesk) -> None:
    cells = {**EVERY, "amount": eq("region", "north")}
    desk = await open_desk(shop(seller(grant("deal", read=True, update=True, fields=cells))))
    (id_,) = await desk.system().create("deal", {"name": "x", "region": "south", "amount": 1})
    caller = desk.caller({}, "seller")
    attempt = caller.update("deal", id_, region="north", amount=2)
    assert await refused(attempt) == ("FORBIDDEN", {(("input", "amount"), "locked")})
    await caller.update("deal", id_, region="north")
    await caller.update("deal", id_, region="south", amount=2)
    assert (await desk.row("deal", id_))["amount"] == 2


async def test_on_create_a_fields_condition_is_about_the_new_row(open_desk: OpenDesk) -> None:
    cells = {**EVERY, "amount": eq("region", "north")}
    desk = await open_desk(shop(seller(grant("deal", read=True, create=True, fields=cells))))
    caller = desk.caller({}, "seller")
    found = await refused(caller.create("deal", {"name": "a"}, {"name": "b", "region": "south", "amount": 1}))
    assert found == ("FORBIDDEN", {(("input", 1, "amount"), "locked")})
    await caller.new("deal", name="c", region="north", amount=1)


async def test_a_preset_is_forced_and_cannot_be_chosen(open_desk: OpenDesk) -> None:
    mine = right(region=Literal("north"), owner=UserValue("id"))
    desk = await open_desk(shop(seller(grant("deal", read=True, create=mine, update=mine, fields=EVERY))))
    me = await user(desk)
    caller = desk.caller({"id": me}, "seller")
    attempt = caller.new("deal", name="x", region="north")
    assert await refused(attempt) == ("BAD_REQUEST", set())
    created = await desk.row("deal", await caller.new("deal", name="x"))
    assert (created["region"], created["owner"]) == ("north", me)
    (theirs,) = await desk.system().create("deal", {"name": "y", "region": "south"})
    await caller.update("deal", theirs, name="z")
    changed = await desk.row("deal", theirs)
    assert (changed["region"], changed["owner"], changed["name"]) == ("north", me, "z")


async def test_a_preset_of_one_role_leaves_the_choice_that_another_gives(open_desk: OpenDesk) -> None:
    north = seller(grant("deal", read=True, create=right(region=Literal("north")), fields=EVERY))
    free = seller(
        grant("deal", read=True, create=True, fields={"name": "write", "region": "write"}), name="free"
    )
    desk = await open_desk(shop(north, free))
    caller = desk.caller({}, "seller", "free")
    assert (await desk.row("deal", await caller.new("deal", name="x", region="south")))["region"] == "south"
    assert (await desk.row("deal", await caller.new("deal", name="x", amount=1)))["region"] == "north"
    attempt = caller.new("deal", name="x", amount=1, region="south")
    assert await refused(attempt) == ("FORBIDDEN", {(("input", "amount"), "locked")})


async def test_a_preset_that_fills_what_is_required_comes_before_one_that_does_not(
    open_desk: OpenDesk,
) -> None:
    """What one role can create alone, it can create beside any other."""
    plain = seller(
        grant("deal", read=True, create=True, fields={"amount": "write", "region": "write"}), name="plain"
    )
    naming = seller(grant("deal", read=True, create=right(name=Literal("x")), fields={"amount": "write"}))
    desk = await open_desk(shop(plain, naming))
    both = desk.caller({}, "plain", "seller")
    for values in ({"amount": 1}, {"amount": 1, "region": "south"}, {}):
        assert (await desk.row("deal", await both.new("deal", **values)))["name"] == "x"


async def test_a_cell_needs_row_and_field_of_one_role(open_desk: OpenDesk) -> None:
    north = seller(
        grant("deal", read=True, update=NORTH, fields={"name": "write", "region": "read"}), name="north"
    )
    mine = seller(
        grant("deal", read=True, update=MINE, fields={"amount": "write", "owner": "read"}), name="mine"
    )
    desk = await open_desk(shop(north, mine))
    me = await user(desk)
    both, northern, own = await desk.system().create(
        "deal",
        {"name": "both", "region": "north", "owner": me},
        {"name": "northern", "region": "north"},
        {"name": "own", "owner": me},
    )
    caller = desk.caller({"id": me}, "north", "mine")
    await caller.update("deal", both, name="x", amount=1)
    await caller.update("deal", northern, name="x")
    await caller.update("deal", own, amount=1)
    found = await refused(caller.update("deal", northern, name="y", amount=2))
    assert found == ("FORBIDDEN", {(("input", "amount"), "locked")})
    found = await refused(caller.update("deal", own, name="y", amount=2))
    assert found == ("FORBIDDEN", {(("input", "name"), "locked")})


async def test_one_passing_check_suffices_if_its_role_grants_the_field(open_desk: OpenDesk) -> None:
    north = grant("deal", read=True, update=right(check=NORTH), fields=EVERY)
    small = grant(
        "deal",
        read=True,
        update=right(check=Compare("amount", "lt", Literal(10))),
        fields={"amount": "write"},
    )
    desk = await open_desk(shop(seller(north, name="north"), seller(small, name="small")))
    caller = desk.caller({}, "north", "small")
    (id_,) = await desk.system().create("deal", {"name": "x", "region": "south", "amount": 5})
    await caller.update("deal", id_, amount=9)
    found = await refused(caller.update("deal", id_, amount=9, name="y"))
    assert found == ("FORBIDDEN", {(("input",), "check")})
    await caller.update("deal", id_, region="north", amount=100)


async def test_a_check_of_a_role_that_does_not_grant_the_field_does_not_help(open_desk: OpenDesk) -> None:
    loose = grant("deal", read=True, update=True, fields={"name": "write"})
    strict = grant("deal", read=True, update=right(check=NORTH), fields={"region": "write"})
    desk = await open_desk(shop(seller(loose, name="loose"), seller(strict, name="strict")))
    (id_,) = await desk.system().create("deal", {"name": "x", "region": "north"})
    attempt = desk.caller({}, "loose", "strict").update("deal", id_, region="south")
    assert await refused(attempt) == ("FORBIDDEN", {(("input",), "check")})


async def test_a_locked_field_that_the_caller_writes_blindly_is_still_named(open_desk: OpenDesk) -> None:
    from_north = grant("deal", read=True, update=NORTH, fields={"name": "blind"})
    desk = await open_desk(
        shop(seller(from_north, name="a"), seller(grant("deal", update=True, fields={}), name="b"))
    )
    (id_,) = await desk.system().create("deal", {"name": "x", "region": "south"})
    attempt = desk.caller({}, "a", "b").update("deal", id_, name="y")
    assert await refused(attempt) == ("FORBIDDEN", {(("input", "name"), "locked")})


async def test_a_role_that_may_only_create_sees_nothing_of_it(open_desk: OpenDesk) -> None:
    desk = await open_desk(shop(seller(grant("deal", create=True, fields={"name": "blind"}))))
    caller = desk.caller({}, "seller")
    id_ = await caller.new("deal", name="x")
    assert await refused(caller.update("deal", id_, name="y")) == ("BAD_REQUEST", set())


async def test_rights_of_a_relation_are_asked_of_the_database(open_desk: OpenDesk) -> None:
    team_mate = Through("owner", eq("name", UserValue("name")))
    allowed = either(team_mate, NEVER)
    desk = await open_desk(shop(seller(grant("deal", read=True, update=allowed, fields=EVERY))))
    li, wu = await user(desk, "Li"), await user(desk, "Wu")
    of_li, of_wu, pool = await desk.system().create(
        "deal", {"name": "a", "owner": li}, {"name": "b", "owner": wu}, {"name": "c"}
    )
    caller = desk.caller({"id": li, "name": "Li"}, "seller")
    await caller.update("deal", of_li, name="x")
    for id_ in (of_wu, pool):
        assert await refused(caller.update("deal", id_, name="x")) == ("FORBIDDEN", set())


async def test_the_administrator_writes_everything_but_what_is_read_only(open_desk: OpenDesk) -> None:
    thing = object_("thing", {"name": field("text"), "score": field("integer", readonly=True)})
    desk = await open_desk(model(thing, object_("part", {"thing": reference("thing")})))
    caller = desk.caller({}, "admin")
    id_ = await caller.new("thing", name="x")
    assert (await refused(caller.update("thing", id_, score=1)))[0] in {"BAD_REQUEST", "VALIDATION_FAILED"}
    await desk.system().update("thing", id_, score=1)
    assert (await desk.row("thing", id_))["score"] == 1


async def test_a_role_whose_preset_the_row_does_not_have_did_not_allow_it(open_desk: OpenDesk) -> None:
    checked = right(check=eq("name", "ok"), region=Literal("north"))
    north = grant("deal", read=True, create=checked, fields={"name": "write"})
    south = grant("deal", read=True, create=right(region=Literal("south")), fields={"name": "write"})
    desk = await open_desk(shop(seller(north, name="north"), seller(south, name="south")))
    caller = desk.caller({}, "north", "south")
    assert (await desk.row("deal", await caller.new("deal", name="ok")))["region"] == "north"
    assert await refused(caller.new("deal", name="x")) == ("FORBIDDEN", {(("input",), "check")})
