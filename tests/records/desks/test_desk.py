"""What plugins read and write through a desk, on both engines."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from salesmode.diagnostics import Refusal
from salesmode.hooks.desk import Desk as PluginDesk, UnitOf
from salesmode.model.app import Model
from salesmode.model.condition import Compare, RecordValue, UserValue
from salesmode.model.role import FieldGrant
from salesmode.records.desks.calling import Code
from salesmode.records.desks.desk import desk_of
from tests.records.conftest import OpenDesk
from tests.records.kit import MINE, SPAN, Caller, Desk, grant, role
from tests.support.models import field, model, object_, reference

LISTED = Compare("size", "in", RecordValue("sizes"))

Work = Callable[[PluginDesk], UnitOf[Any]]


def office() -> Model:
    region = object_("region", {"name": field("text", required=True, unique=True)})
    account = object_(
        "account",
        {
            "name": field("text", required=True),
            "region": reference("region"),
            "budget": field("money"),
            "size": field("integer"),
            "since": field("date"),
            "kinds": field("multi_choice", options=["a", "b"]),
            "password": field("secret"),
            "owner": field("user"),
        },
        owned=True,
    )
    seller = role(
        "seller",
        grant("account", read=MINE, update=MINE, fields={"name": "write", "owner": "read"}),
    )
    masked, own = FieldGrant(SPAN, masked=True), FieldGrant(SPAN, clear=MINE)
    keeper = role("keeper", grant("account", read=True, fields={"name": masked, "budget": own}))
    return model(region, account, roles=[seller, keeper])


async def run(caller: Caller, work: Work) -> Any:
    """Do the work as a plugin of somebody's request."""
    caller.desk.heard.clear()
    desk = desk_of(caller.scope, caller.environment)
    code = Code("sample", "before_write", 5.0)
    return await caller.desk.database.run(lambda: code.called(lambda: work(desk)))


def reading(object_name: str, *fields: str, **asked: Any) -> Work:
    def work(desk: PluginDesk) -> UnitOf[Any]:
        return (yield from desk.read(object_name, fields, **asked))

    return work


async def accounts(desk: Desk) -> tuple[str, ...]:
    north, south = await desk.system().create("region", {"name": "north"}, {"name": "south"})
    return await desk.system().create(
        "account",
        {"name": "a", "region": north, "budget": "5", "size": 3, "since": "2026-01-01", "kinds": ["a"]},
        {"name": "$b", "region": south, "budget": "7.5", "size": 1, "kinds": ["a", "b"]},
        {"name": "c", "budget": "1", "size": 2},
    )


async def test_rows_come_with_canonical_values_and_through_references(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    ids = await accounts(desk)
    fields = ("name", "region.name", "budget", "size", "since", "kinds")
    rows = await run(desk.system(), reading("account", *fields, order=["-budget"]))
    assert [each["id"] for each in rows] == [ids[1], ids[0], ids[2]]
    assert rows[1] == {
        "id": ids[0],
        "version": 1,
        "name": "a",
        "region.name": "north",
        "budget": Decimal(5),
        "size": 3,
        "since": date(2026, 1, 1),
        "kinds": ("a",),
    }
    assert rows[2]["region.name"] is None
    assert len(desk.heard) == 1


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"size": {"gte": 2}}, "ac"),
        ({"region": {"name": "north"}}, "a"),
        ({"name": "$b"}, "$b"),
        ({"name": ["a", "$b"]}, "a$b"),
        ({"name": ()}, ""),
        ({"since": date(2026, 1, 1)}, "a"),
        ({"budget": {"between": (Decimal(1), Decimal(5))}}, "ac"),
        ({"region": {"isNull": True}}, "c"),
        ({"kinds": {"has": "b"}}, "$b"),
        ({"not": {"kinds": {"hasAny": {"a"}}}}, "c"),
        (Compare("size", "eq", RecordValue("wanted")), "c"),
    ],
)
async def test_conditions(open_desk: OpenDesk, where: Any, found: str) -> None:
    desk = await open_desk(office())
    await accounts(desk)
    rows = await run(desk.system(), reading("account", "name", where=where, record={"wanted": 2}))
    assert "".join(each["name"] for each in rows) == found


async def test_a_warm_read_makes_no_sql(open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await open_desk(office())
    ids = await accounts(desk)
    await run(desk.system(), reading("account", "name", where={"size": 3, "name": ["a"]}, ids=ids, first=1))
    monkeypatch.delattr("salesmode.records.desks.reading.render")
    rows = await run(
        desk.system(),
        reading("account", "name", where={"size": 1, "name": ["x", "$b"]}, ids=ids[1:], first=9),
    )
    assert [each["name"] for each in rows] == ["$b"]


async def test_what_was_deleted_is_read_where_it_is_asked_for(open_desk: OpenDesk) -> None:
    """With what it refers to, be that deleted too; by the system, and by nobody else."""
    desk = await open_desk(office())
    ids = await accounts(desk)
    (region,) = await run(desk.system(), reading("region", where={"name": "north"}))
    await run(desk.system(), lambda at: at.delete("account", [ids[0]]))
    await run(desk.system(), lambda at: at.delete("region", [region["id"]]))
    assert await run(desk.system(), reading("account", "name", ids=ids[:1])) == []
    found = await run(
        desk.system(), reading("account", "name", "region.name", ids=ids[:1], lock=True, deleted=True)
    )
    assert [(each["name"], each["region.name"]) for each in found] == [("a", "north")]
    with pytest.raises(Refusal) as caught:
        await run(
            desk.caller({"id": ids[0], "roles": ("seller",)}, "seller"),
            partial(seen, asked={"deleted": True}),
        )
    assert caught.value.code == "INTERNAL"


async def test_ids_first_and_locks(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    ids = await accounts(desk)
    asked = {"order": ["size"], "first": 2, "lock": True, "where": {"size": {"gt": 0}}}
    rows = await run(desk.system(), reading("account", "name", **asked))
    assert [each["name"] for each in rows] == ["$b", "c"]
    assert len(desk.heard) == 1
    assert ("FOR " in desk.heard[0]) == (desk.tables.dialect == "postgresql")
    rows = await run(desk.system(), reading("account", "name", ids=[ids[2], "no id", ids[0]], lock=True))
    assert [each["name"] for each in rows] == ["a", "c"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (reading("acount", "name"), "there is no object 'acount'"),
        (reading("account", "nam"), "'account' has no field 'nam' that can be read"),
        (reading("account", "password"), "'account' has no field 'password' that can be read"),
        (reading("account", "name.x"), "'account' has no reference 'name'"),
        (reading("account", where={"nam": 1}), "no field or relation 'nam' (did you mean 'name'?)"),
        (reading("account", where={"size": "x"}), "no value of 'size'"),
        (reading("account", order=["kinds"]), "rows cannot be ordered by 'kinds'"),
        (reading("account", ids=["x"] * 10_001), "at most 10000 ids"),
    ],
)
async def test_a_name_that_is_not_there_is_the_plugin_s_mistake(
    open_desk: OpenDesk, asked: Work, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    desk = await open_desk(office())
    with pytest.raises(Refusal) as caught:
        await run(desk.system(), asked)
    assert (caught.value.code, caught.value.message.text("en")) == (
        "INTERNAL",
        "The plugin 'sample' failed; nothing was written.",
    )
    assert said in str(caplog.records[0].exc_info)


async def test_totals(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    await accounts(desk)

    def work(desk: PluginDesk) -> UnitOf[Any]:
        return (
            (yield from desk.count("account")),
            (yield from desk.count("account", by=["region.name"])),
            (yield from desk.count("account", by=["region.name", "size"], where={"size": {"lt": 3}})),
            (yield from desk.sum("account", "budget")),
            (yield from desk.sum("account", "size", by=["region.name"])),
            (yield from desk.sum("account", "budget", where={"name": "nobody"})),
            (
                yield from desk.count(
                    "account", where=Compare("size", "in", RecordValue("l")), record={"l": (1, 2)}
                )
            ),
        )

    assert await run(desk.system(), work) == (
        {(): 3},
        {"north": 1, "south": 1, None: 1},
        {("south", 1): 1, (None, 2): 1},
        {(): Decimal("13.5")},
        {"north": 3, "south": 1, None: 2},
        {(): Decimal(0)},
        {(): 2},
    )


async def test_writes_are_few_statements_however_many_rows(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())

    def work(desk: PluginDesk, number: int) -> UnitOf[Any]:
        ids = yield from desk.create("account", [{"name": f"n{at}", "size": at} for at in range(number)])
        yield from desk.update("account", {id_: {"size": at * 2} for at, id_ in enumerate(ids)})
        yield from desk.delete("account", ids)
        yield from desk.restore("account", ids)
        rows = yield from desk.read("account", ["size"], ids=ids, order=["size"])
        return [each["size"] for each in rows], {each["version"] for each in rows}

    heard = []
    for number in (2, 500):
        sizes, versions = await run(desk.system(), partial(work, number=number))
        assert sizes == [2 * at for at in range(number)]
        assert versions == {3, 4}  # nothing changed where nothing doubles
        heard.append(len(desk.heard))
    assert heard[0] == heard[1] < 30


async def test_what_the_caller_may_not_see_is_not_there(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    (li,) = await desk.system().create("user", {"name": "Li"})
    mine, _ = await desk.system().create(
        "account", {"name": "mine", "budget": "5", "owner": li}, {"name": "other", "budget": "7"}
    )
    caller = desk.caller({"id": li, "roles": ("seller",)}, "seller")

    def work(desk: PluginDesk) -> UnitOf[Any]:
        own = desk.as_caller()
        rows = yield from own.read("account", ["name", "budget", "region.name"])
        every = yield from desk.read("account", ["name"], where=Compare("owner", "eq", UserValue("id")))
        counted = yield from own.count("account", where={"name": {"ne": "x"}})
        return rows, len(every), counted, desk.caller.id, own.caller.roles

    rows, every, counted, id_, roles = await run(caller, work)
    assert rows == [{"id": mine, "version": 1, "name": "mine", "budget": None, "region.name": None}]
    assert (every, counted, id_, roles) == (1, {(): 1}, li, frozenset({"seller"}))
    for asked in ({"where": {"budget": Decimal(5)}}, {"order": ["budget"]}):
        with pytest.raises(Refusal) as caught:
            await run(caller, partial(seen, asked=asked))
        assert caught.value.code == "BAD_REQUEST"
    with pytest.raises(Refusal) as caught:
        await run(caller, lambda desk: desk.as_caller().update("account", {mine: {"owner": None}}))
    assert caught.value.code == "BAD_REQUEST"


async def test_what_answers_have_is_shown_masked_or_not_at_all(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    (li,) = await desk.system().create("user", {"name": "Li"})
    mine, other = await desk.system().create(
        "account",
        {"name": "mine", "budget": "5", "size": 3, "owner": li},
        {"name": "other", "budget": "7", "size": 4},
    )
    caller = desk.caller({"id": li, "roles": ("keeper",)}, "keeper")

    def work(desk: PluginDesk, *, own: bool) -> UnitOf[Any]:
        asked = desk.as_caller() if own else desk
        return (yield from asked.shown("account", ["name", "budget", "size", "since"], [other, mine]))

    def row(id_: str, *values: Any) -> Mapping[str, Any]:
        return {
            "id": id_,
            "version": 1,
            **dict(zip(("name", "budget", "size", "since"), values, strict=True)),
        }

    assert await run(caller, partial(work, own=True)) == [
        row(mine, "••••", "5.00", None, None),
        row(other, "••••", None, None, None),
    ]
    assert await run(caller, partial(work, own=False)) == [
        row(mine, "mine", "5.00", 3, None),
        row(other, "other", "7.00", 4, None),
    ]


async def test_what_is_touched_has_a_new_version(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    (id_,) = await desk.system().create("account", {"name": "a"})

    def work(desk: PluginDesk) -> UnitOf[list[int]]:
        versions = []
        for touch in (False, True):
            for values in ({}, {"name": "a"}):
                yield from desk.update("account", {id_: values}, touch=touch)
                (row,) = yield from desk.read("account", [], ids=[id_])
                versions.append(row["version"])
        return versions

    assert await run(desk.system(), work) == [1, 1, 2, 3]


def seen(desk: PluginDesk, asked: Mapping[str, Any]) -> UnitOf[Any]:
    return (yield from desk.as_caller().read("account", [], **asked))


async def test_a_refused_write_refuses_everything_even_if_the_plugin_goes_on(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())

    def swallowing(desk: PluginDesk) -> UnitOf[str]:
        try:
            yield from desk.create("account", [{"name": "a"}, {"size": 1}])
        except Refusal:
            return "never mind"
        return "well"

    with pytest.raises(Refusal) as caught:
        await run(desk.system(), swallowing)
    assert [(each.path, each.code) for each in caught.value.problems] == [((), "required")]
    assert await desk.rows("account") == []


async def test_an_attempt_is_taken_back_alone(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())

    def careful(desk: PluginDesk) -> UnitOf[Any]:
        yield from desk.create("account", [{"name": "before"}])
        found = []
        for name in ("good", None, "fine"):
            found.append((yield from desk.attempt(nested(desk, name))))
        return found

    def nested(desk: PluginDesk, name: str | None) -> UnitOf[str]:
        yield from desk.create("account", [{"name": "beside"}])
        yield from desk.create("account", [{"name": name}])
        return "done"

    first, second, third = await run(desk.system(), careful)
    assert (first, third) == ("done", "done")
    assert isinstance(second, Refusal)
    assert [(each.path, each.code) for each in second.problems] == [(("input", 0, "name"), "required")]
    assert [each["name"] for each in await desk.rows("account")] == [
        "before",
        "beside",
        "good",
        "beside",
        "fine",
    ]


async def test_what_the_database_refuses_cannot_be_taken_back_alone(open_desk: OpenDesk) -> None:
    """Its transaction is over; the plugin is not asked what it makes of that."""
    desk = await open_desk(office())
    went_on: list[object] = []

    def work(desk: PluginDesk) -> UnitOf[None]:
        yield from desk.create("region", [{"name": "north"}])
        went_on.append((yield from desk.attempt(desk.create("region", [{"name": "north"}]))))

    with pytest.raises(Refusal) as caught:
        await run(desk.system(), work)
    assert (caught.value.code, went_on, await desk.rows("region")) == ("CONFLICT", [], [])


@pytest.mark.parametrize(
    "wrong",
    [
        lambda desk: desk.create("region", None),
        lambda desk: desk.update("region", {"no id": {"name": 7}}),
        lambda desk: desk.read("region", ["name"], first="many"),
        lambda desk: desk.matching("region", [], {"name": object()}),
    ],
)
async def test_a_plugin_is_named_whatever_it_asks_for(open_desk: OpenDesk, wrong: Any) -> None:
    desk = await open_desk(office())
    with pytest.raises(Refusal) as caught:
        await run(desk.system(), wrong)
    assert (caught.value.code == "INTERNAL") == ("'sample'" in caught.value.message.text("en"))


@pytest.mark.parametrize(
    "values", [{"nam": "x"}, {"name": "x", "id": "y"}], ids=["unknown field", "system field"]
)
async def test_writing_what_is_not_there(open_desk: OpenDesk, values: Mapping[str, Any]) -> None:
    desk = await open_desk(office())
    with pytest.raises(Refusal) as caught:
        await run(desk.system(), lambda desk: desk.create("account", [values]))
    assert caught.value.code in ("INTERNAL", "BAD_REQUEST")


async def test_settings_come_from_the_environment_when_they_are_asked_for(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"sample": {"url": "https://example.org", "keys": [{"env": "SAMPLE_KEY"}]}}
    desk = await open_desk(replace(office(), settings=given))
    monkeypatch.setenv("SAMPLE_KEY", "k1")
    found = desk_of(desk.system().scope, desk.system().environment).settings("sample")
    assert found == {"url": "https://example.org", "keys": ["k1"]}
    assert desk_of(desk.system().scope, desk.system().environment).settings("other") == {}


async def test_it_yields_to_nobody_but_its_desk(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())

    def work(_: PluginDesk) -> Any:
        yield "SELECT 1"

    with pytest.raises(Refusal) as caught:
        await run(desk.system(), work)
    assert caught.value.code == "INTERNAL"
