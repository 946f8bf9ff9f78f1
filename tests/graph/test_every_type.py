"""Every type of field all the way, on both engines: written, read, filtered, ordered, grouped, measured,
changed, remembered and masked.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field as made
from typing import Any

import orjson
import pytest

from salesmode.database.connect import connect
from salesmode.fieldtypes import FIELD_TYPES, field_type
from salesmode.fieldtypes.measures import measures_of
from salesmode.model.condition import ALWAYS
from salesmode.model.field import Field, Mask
from salesmode.model.names import camel
from salesmode.model.role import FieldGrant, ObjectGrant, Right, Role
from salesmode.tables import tables_of
from tests.graph.api import Api, opened
from tests.support.models import SPAN, field, label, model, object_, reference

pytestmark = pytest.mark.anyio

LOW, HIGH, EMPTY = "low", "high", "empty"
BOTH = {LOW, HIGH}


@dataclass(frozen=True)
class Kind:
    """A field, two values as a client writes them, and what is known of them.

    `low` comes before `high`; `read` is how they come out where it is otherwise. `wheres` finds records.
    """

    field: Field
    low: Any
    high: Any
    read: tuple[Any, Any] | None = None
    wheres: tuple[tuple[Mapping[str, Any], set[str]], ...] = ()
    sum: str | None = None
    masked: Any = "••••"
    picks: str = ""

    @property
    def values(self) -> tuple[Any, Any]:
        """The two values as clients read them."""
        return self.read or (self.low, self.high)


def ordered(low: Any, high: Any) -> tuple[tuple[Mapping[str, Any], set[str]], ...]:
    return (
        ({"lt": high}, {LOW}),
        ({"lte": high}, BOTH),
        ({"gt": low}, {HIGH}),
        ({"gte": high}, {HIGH}),
        ({"between": [low, high]}, BOTH),
    )


def texts(low: str, high: str, start: str, end: str) -> tuple[tuple[Mapping[str, Any], set[str]], ...]:
    """`start` begins and `end` ends the high one alone."""
    return (
        *ordered(low, high),
        ({"startsWith": start}, {HIGH}),
        ({"endsWith": end}, {HIGH}),
        ({"contains": high[1:]}, {HIGH}),
        ({"icontains": high.upper()}, {HIGH}),
        ({"contains": "%"}, set()),
    )


LIST = (
    ({"has": "a"}, BOTH),
    ({"hasAll": ["a", "b"]}, {HIGH}),
    ({"hasAny": ["b", "c"]}, {HIGH}),
    ({"isEmpty": True}, {EMPTY}),
)
KINDS = {
    "text": Kind(field("text"), "ann", "bob", wheres=texts("ann", "bob", "bo", "ob")),
    "long_text": Kind(field("long_text"), "a\nb", "b\nc", wheres=texts("a\nb", "b\nc", "b\n", "\nc")),
    "integer": Kind(field("integer"), -7, 40, wheres=ordered(-7, 40), sum="33"),
    "big_integer": Kind(
        field("big_integer"),
        "-9007199254740993",
        "9007199254740995",
        wheres=ordered("-9007199254740993", "9007199254740995"),
        sum="2",
    ),
    "money": Kind(
        field("money"), "-0.5", "100", ("-0.50", "100.00"), wheres=ordered("-0.50", "100"), sum="99.50"
    ),
    "decimal": Kind(
        field("decimal"), "0.0001", "2", ("0.0001", "2.0000"), wheres=ordered("0.0001", "2"), sum="2.0001"
    ),
    "percent": Kind(
        field("percent"), "5", "99.5", ("5.00", "99.50"), wheres=ordered("5", "99.5"), sum="104.50"
    ),
    "boolean": Kind(field("boolean"), False, True),
    "date": Kind(field("date"), "2025-12-31", "2026-01-01", wheres=ordered("2025-12-31", "2026-01-01")),
    "datetime": Kind(
        field("datetime"),
        "2026-01-01T00:30:00+01:00",
        "2026-01-01T00:00:00.5Z",
        ("2025-12-31T23:30:00Z", "2026-01-01T00:00:00.500000Z"),
        wheres=ordered("2025-12-31T23:30:00Z", "2026-01-01T01:00:00.500+01:00"),
    ),
    "choice": Kind(field("choice", options=("z", "a")), "z", "a"),
    "multi_choice": Kind(field("multi_choice", options=("a", "b", "c")), ["a"], ["b", "a"], wheres=LIST),
    "email": Kind(
        field("email"),
        "ann@x.example",
        "bob@y.example",
        wheres=texts("ann@x.example", "bob@y.example", "bob@", "@y.example"),
    ),
    "phone": Kind(
        field("phone", format="CN"),
        "+1 415 555 2671",
        "138 1234 5678",
        ("+14155552671", "+8613812345678"),
        wheres=texts("+14155552671", "+8613812345678", "+86", "5678"),
    ),
    "url": Kind(
        field("url"),
        "https://a.example/x",
        "https://b.example/y?z='1'",
        wheres=texts("https://a.example/x", "https://b.example/y?z='1'", "https://b", "'1'"),
    ),
    "json": Kind(field("json"), {"a": [1, None]}, ["b", {"c": 1.5}]),
    "user": Kind(field("user"), "ann", "bob", picks="{ name }"),
    "reference": Kind(reference("place"), "north", "south", picks="{ name }"),
    "multi_reference": Kind(
        field("multi_reference", to="place"), ["north"], ["south", "north"], picks="{ name }"
    ),
}
ELSEWHERE = {"id", "auto_number", "secret", "formula", "rollup", "stage", "file"}
"""Types that no client writes, or that nobody reads: they have tests of their own."""
NAMES = sorted(KINDS)


@dataclass
class Things:
    """The API on a database with a record for each of the two values, and one without any."""

    api: Api
    ids: dict[str, str] = made(default_factory=dict)

    def given(self, kind: Kind, value: Any) -> Any:
        """A value as it is written: who or what is meant, by id."""
        if kind.field.to is None or value is None:
            return value
        return [self.ids[each] for each in value] if isinstance(value, list) else self.ids[value]

    async def names(self, arguments: str, **variables: Any) -> list[str]:
        declared = "($w: ThingWhere)" if variables else ""
        text = f"query {declared} {{ things({arguments}) {{ nodes {{ name }} }} }}"
        found = await self.api.data(text, **variables)
        return [each["name"] for each in found["things"]["nodes"]]


def plain(value: Any) -> Any:
    """A record by its name."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value["name"] if isinstance(value, dict) and set(value) == {"name"} else value


def veil() -> Role:
    fields = {name: FieldGrant(SPAN, masked=True, mask=Mask("full")) for name in KINDS}
    fields["name"] = FieldGrant(SPAN, clear=ALWAYS)
    read = {"read": Right(ALWAYS, SPAN)}
    seen = {"name": FieldGrant(SPAN, clear=ALWAYS)}
    grants = [ObjectGrant("thing", SPAN, fields, **read)]
    grants += [ObjectGrant(each, SPAN, seen, **read) for each in ("place", "user")]
    return Role("veil", label("Veil"), SPAN, (), {each.object: each for each in grants})


@pytest.fixture(scope="module")
async def things(module_database_url: str) -> AsyncIterator[Things]:
    thing = object_("thing", {"name": field("text"), **{name: each.field for name, each in KINDS.items()}})
    place = object_("place", {"name": field("text")})
    found = model(thing, place, roles=[veil()])
    database = await connect(module_database_url)
    tables = tables_of(found, database.dialect)
    await database.with_connection(tables.create)
    result = Things(await opened(database, tables))
    result.ids = {"ann": result.api.user, "bob": await result.api.new("user", name="bob")}
    for name in ("north", "south"):
        result.ids[name] = await result.api.new("place", name=name)
    low = {camel(name): result.given(each, each.low) for name, each in KINDS.items()}
    high = {camel(name): result.given(each, each.high) for name, each in KINDS.items()}
    text = "mutation ($in: [ThingCreate!]!) { createThings(input: $in) { count } }"
    rows = [{"name": HIGH, **high}, {"name": EMPTY}, {"name": LOW, **low}]
    await result.api.data(text, **{"in": rows})
    yield result
    await database.close()


def test_every_type_is_here_or_elsewhere() -> None:
    assert set(KINDS) | ELSEWHERE >= set(FIELD_TYPES)


@pytest.mark.parametrize("name", NAMES)
async def test_what_was_written_is_read(things: Things, name: str) -> None:
    kind = KINDS[name]
    text = f"{{ things {{ nodes {{ name value: {camel(name)} {kind.picks} }} }} }}"
    found = (await things.api.data(text))["things"]["nodes"]
    nothing = [] if name == "multi_reference" else None
    assert {each["name"]: plain(each["value"]) for each in found} == {
        LOW: kind.values[0],
        HIGH: kind.values[1],
        EMPTY: nothing,
    }


@pytest.mark.parametrize("name", NAMES)
async def test_every_operator_finds_what_it_says(things: Things, name: str) -> None:
    kind = KINDS[name]
    wheres = list(kind.wheres)
    operators = set(field_type(name).operators)
    low, high = (things.given(kind, each) for each in (kind.low, kind.high))
    if name == "multi_reference":
        low_id, high_id = things.ids["north"], things.ids["south"]
        wheres = [
            ({"has": low_id}, BOTH),
            ({"hasAll": [low_id, high_id]}, {HIGH}),
            ({"hasAny": [high_id]}, {HIGH}),
            ({"isEmpty": True}, {EMPTY}),
        ]
    if "eq" in operators:
        wheres += [
            ({"eq": low}, {LOW}),
            ({"ne": low}, {HIGH, EMPTY}),
            ({"in": [low, high]}, BOTH),
            ({"notIn": [low]}, {HIGH, EMPTY}),
        ]
    if "isNull" in operators:
        wheres += [({"isNull": True}, {EMPTY}), ({"isNull": False}, BOTH)]
    for where, expected in wheres:
        found = await things.names("where: $w", w={camel(name): where})
        assert set(found) == expected, where
    assert {op for where, _ in wheres for op in where} == operators - {"under"}


@pytest.mark.parametrize("name", [each for each in NAMES if field_type(each).orderable])
async def test_its_order_has_nulls_last_both_ways(things: Things, name: str) -> None:
    key = f"{{{camel(name)}: {{name: %s}}}}" if KINDS[name].field.to else f"{{{camel(name)}: %s}}"
    assert await things.names(f"orderBy: [{key % 'ASC'}]") == [LOW, HIGH, EMPTY]
    assert await things.names(f"orderBy: [{key % 'DESC'}]") == [HIGH, LOW, EMPTY]


@pytest.mark.parametrize(
    "name", [each for each in NAMES if each not in {"json", "multi_choice", "multi_reference"}]
)
async def test_it_groups_and_is_measured(things: Things, name: str) -> None:
    kind, field_name = KINDS[name], camel(name)
    by = f"groupBy: [{{field: {field_name}}}], where: {{{field_name}: {{isNull: false}}}}"
    text = f"{{ thingAggregate({by}) {{ key {{ value: {field_name} {kind.picks} }} count }} }}"
    found = (await things.api.data(text))["thingAggregate"]
    keys = [plain(each["key"]["value"]) for each in found]
    assert sorted(map(str, keys)) == sorted(map(str, kind.values))
    measures = f"countDistinct {{ value: {field_name} }}"
    measures += f" sum {{ value: {field_name} }}" if kind.sum else ""
    (whole,) = (await things.api.data(f"{{ thingAggregate {{ {measures} }} }}"))["thingAggregate"]
    assert whole["countDistinct"]["value"] == 2
    assert whole.get("sum", {}).get("value") == kind.sum
    if "min" in measures_of(kind.field):
        ends = f"min {{ value: {field_name} }} max {{ value: {field_name} }}"
        (whole,) = (await things.api.data(f"{{ thingAggregate {{ {ends} }} }}"))["thingAggregate"]
        assert (whole["min"]["value"], whole["max"]["value"]) == kind.values


@pytest.mark.parametrize("name", NAMES)
async def test_a_change_is_read_back_and_remembered(things: Things, name: str) -> None:
    kind, field_name = KINDS[name], camel(name)
    id_ = await things.api.new("thing", name="changing", **{name: things.given(kind, kind.low)})
    told = "history(first: 1) { nodes { changes { field old new } } }"
    picks = f"thing {{ version value: {field_name} {kind.picks} {told} }}"
    text = f"mutation ($id: ID!, $in: ThingUpdate!) {{ updateThing(id: $id, input: $in) {{ {picks} }} }}"
    try:
        for value, shown in ((kind.high, kind.values[1]), (None, None)):
            given = {field_name: things.given(kind, value)}
            found = (await things.api.data(text, id=id_, **{"in": given}))["updateThing"]["thing"]
            assert plain(found["value"]) == (shown if shown or name != "multi_reference" else [])
            (change,) = found["history"]["nodes"][0]["changes"]
            old, new = (things.given(kind, each) for each in (kind.values[0], shown))
            assert (change["field"], change["new"]) == (field_name, new)
            assert shown is None or change["old"] == old
            again = (await things.api.data(text, id=id_, **{"in": given}))["updateThing"]["thing"]
            assert again["version"] == found["version"], "the same value again is no change"
    finally:
        await things.api.data(f'mutation {{ deleteThing(id: "{id_}") {{ id }} }}')


@pytest.mark.parametrize("name", [each for each in NAMES if KINDS[each].field.to is None])
async def test_a_masked_value_shows_no_more_than_its_mask_and_cannot_be_asked_for(
    things: Things, name: str
) -> None:
    text = f"{{ things {{ nodes {{ name value: {camel(name)} }} }} }}"
    found = orjson.loads((await things.api.answer(text, "veil")).body)["data"]["things"]["nodes"]
    shown = {each["name"]: each["value"] for each in found}
    assert shown[EMPTY] is None
    assert {str(shown[LOW]), str(shown[HIGH])} <= {"••••", "None"}
    for asked in (
        f"{{ things(where: {{{camel(name)}: {{isNull: true}}}}) {{ totalCount }} }}",
        f"{{ things(orderBy: [{{{camel(name)}: ASC}}]) {{ totalCount }} }}",
        f"{{ thingAggregate(groupBy: [{{field: {camel(name)}}}]) {{ count }} }}",
    ):
        assert await things.api.code(asked, "veil") == "BAD_REQUEST"
