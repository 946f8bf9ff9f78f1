"""Walking a list by cursors: no row twice, none missed, over ties, nulls and hidden keys, while rows come."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from salesmode.access.compose import policy_of
from salesmode.access.policy import Policy
from salesmode.model.condition import Compare, Literal, Or, UserValue
from salesmode.model.names import camel
from salesmode.queries.cursor import CursorLeaf, nulls_of
from salesmode.queries.pick import Pick
from tests.properties.bench import Bench
from tests.properties.little_world import MODEL, LittleWorld, its, little_worlds, rows
from tests.properties.questions import orders
from tests.properties.rights import Rights, rights
from tests.support.asking import pick_of
from tests.support.granting import eq, grant, masked, role

SETTINGS = settings(max_examples=20, suppress_health_check=list(HealthCheck))
PARTS = pick_of(
    "x { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage } totalCount }"
).picks


class Walker:
    """Reads one list page by page."""

    def __init__(self, bench: Bench, policy: Policy, world: LittleWorld, name: str, order: list[Any]) -> None:
        self.bench = bench
        self.policy = policy
        self.user = world.user
        self.name = camel(name)
        self.order = order

    def page(self, **args: Any) -> dict[str, Any]:
        for name in args.keys() & {"after", "before"}:
            args[name] = CursorLeaf(Literal(args[name]), nulls_of(args[name]))
        given_ = {
            name: each if isinstance(each, CursorLeaf) else Literal(each) for name, each in args.items()
        }
        pick = Pick(self.name, self.name, {"orderBy": self.order, **given_}, PARTS)
        found: dict[str, Any] = json.loads(
            str(self.bench.answer(self.bench.statement(pick, self.policy), self.user))
        )
        return found

    def ids(self, **args: Any) -> list[str]:
        return _ids(self.page(**args))


def _ids(page: dict[str, Any]) -> list[str]:
    return [each["node"]["id"] for each in page["edges"]]


@SETTINGS
@given(data=st.data(), held=rights(), world=little_worlds(), size=st.integers(1, 3))
def test_a_walk_is_the_whole_order(
    sqlite_pair: Sequence[Bench], data: st.DataObject, held: Rights, world: LittleWorld, size: int
) -> None:
    _a_walk_is_the_whole_order(sqlite_pair[0], data, held, world, size)


@settings(SETTINGS, max_examples=10)
@given(data=st.data(), held=rights(), world=little_worlds(), size=st.integers(1, 3))
def test_a_walk_is_the_whole_order_on_postgresql(
    postgresql_pair: Sequence[Bench], data: st.DataObject, held: Rights, world: LittleWorld, size: int
) -> None:
    _a_walk_is_the_whole_order(postgresql_pair[0], data, held, world, size)


def _a_walk_is_the_whole_order(
    bench: Bench, data: st.DataObject, held: Rights, world: LittleWorld, size: int
) -> None:
    """Forwards and backwards give the order that one page shows, and what they tell of more pages is true."""
    bench.load(world)
    walker = _walker(bench, data, held, world)
    whole = walker.ids()
    assert whole == [id for at in range(len(whole)) for id in walker.ids(first=1, offset=at)]
    assert _forwards(walker, size, len(whole)) == whole
    assert _backwards(walker, size, len(whole)) == whole


def _walker(bench: Bench, data: st.DataObject, held: Rights, world: LittleWorld) -> Walker:
    name = data.draw(st.sampled_from(sorted(each.object.plural for each in held.policy.roots)), label="list")
    return Walker(bench, held.policy, world, name, data.draw(orders(held.policy, name), label="order"))


def _forwards(walker: Walker, size: int, count: int) -> list[str]:
    page = walker.page(first=size)
    seen = _ids(page)
    assert page["totalCount"] == count
    while page["pageInfo"]["hasNextPage"]:
        page = walker.page(first=size, after=page["edges"][-1]["cursor"])
        assert page["edges"]
        assert page["pageInfo"]["hasPreviousPage"]
        seen += _ids(page)
        assert len(seen) <= count
    return seen


def _backwards(walker: Walker, size: int, count: int) -> list[str]:
    page = walker.page(last=size)
    seen = _ids(page)
    assert page["totalCount"] == count
    while page["pageInfo"]["hasPreviousPage"]:
        page = walker.page(last=size, before=page["edges"][0]["cursor"])
        assert page["edges"]
        assert page["pageInfo"]["hasNextPage"]
        seen = _ids(page) + seen
        assert len(seen) <= count
    return seen


# A key that is clear on some rows, one that is masked on the others, and one behind a reference that may lead
# to hidden rows. No right depends on other deals, so that a new deal moves none of the old ones.
SELLER = role(
    "seller",
    grant("user", eq("team", UserValue("team")), name=True, team=True),
    grant(
        "deal",
        Or((eq("owner", UserValue("id")), Compare("kind", "isNull", Literal(False)))),
        name=masked("last4", clear=eq("kind", "x")),
        kind=True,
        amount=eq("owner", UserValue("id")),
        day=True,
        owner=True,
    ),
)
HELD = policy_of(replace(MODEL, roles={"seller": SELLER}, version="cursors"), ["seller"])


@SETTINGS
@given(data=st.data(), world=little_worlds(), size=st.integers(1, 2))
def test_rows_that_come_between_pages_move_none_of_the_others(
    sqlite_pair: Sequence[Bench], data: st.DataObject, world: LittleWorld, size: int
) -> None:
    _rows_that_come_move_none_of_the_others(sqlite_pair[0], data, world, size)


@settings(SETTINGS, max_examples=15)
@given(data=st.data(), world=little_worlds(), size=st.integers(1, 2))
def test_rows_that_come_between_pages_move_none_of_the_others_on_postgresql(
    postgresql_pair: Sequence[Bench], data: st.DataObject, world: LittleWorld, size: int
) -> None:
    _rows_that_come_move_none_of_the_others(postgresql_pair[0], data, world, size)


def _rows_that_come_move_none_of_the_others(
    bench: Bench, data: st.DataObject, world: LittleWorld, size: int
) -> None:
    """The walk shows each old row once, in the order they had, and of the new ones those that lie ahead."""
    bench.load(world)
    walker = Walker(bench, HELD, world, "deals", data.draw(orders(HELD, "deals"), label="order"))
    old = walker.ids()
    page = walker.page(first=size)
    seen, ahead = _ids(page), set(old)
    for number in range(51, 57):
        if not page["pageInfo"]["hasNextPage"]:
            break
        last = page["edges"][-1]
        world = world.with_row("deal", data.draw(rows("deal", number), label="inserted"))
        bench.load(world)
        now = walker.ids()
        ahead |= set(now[now.index(last["node"]["id"]) :]) & {its("deal", number)}
        page = walker.page(first=size, after=last["cursor"])
        seen += _ids(page)
    seen += walker.ids(after=page["edges"][-1]["cursor"]) if page["edges"] else []
    assert seen == [id for id in walker.ids() if id in ahead]
    assert [id for id in seen if id in old] == old
