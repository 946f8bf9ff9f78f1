"""What a subscriber is told of a change: by their rights now, on rows and fields, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest

from salesmode.access.scope import SystemScope
from salesmode.database.connect import connect
from salesmode.database.environment import Environment
from salesmode.graph.endpoint import Endpoint, Query
from salesmode.graph.follower import Follower, Lost
from salesmode.records import delete, restore, update
from tests.graph.api import NOW, UTC_ZONE, Api

pytestmark = pytest.mark.anyio

CHANGES = "operation changedFields record { id name revenue }"
SUBSCRIBE = f"subscription ($w: CustomerWhere) {{ customerChanged(where: $w) {{ {CHANGES} }} }}"
SOON = 10.0


class Subscriber:
    """One subscription: what it is told of each change, `None` for nothing."""

    def __init__(
        self, api: Api, follower: Follower, text: str, roles: str, variables: dict[str, Any]
    ) -> None:
        self.api, self.follower, self.roles = api, follower, roles
        self.query = Query(text, variables)

    async def told(self) -> Any:
        """What the next change brings."""
        change = await self.follower.next(SOON)
        assert change is not None, "no change was heard of"
        subscription = self.api.endpoint.subscription(self.query, self.api.caller(self.roles))
        assert subscription is not None
        text = await subscription.told(change)
        return None if text is None else orjson.loads(text)["data"]["customerChanged"]


@asynccontextmanager
async def subscribed(
    api: Api, roles: str = "admin", text: str = SUBSCRIBE, **variables: Any
) -> AsyncIterator[Subscriber]:
    async with api.endpoint.feed.follow(["customer"]) as follower:
        yield Subscriber(api, follower, text, roles, variables)


async def change(api: Api, id_: str, **values: Any) -> None:
    scope, environment = SystemScope(api.tables), Environment({}, {"id": api.user}, NOW, UTC_ZONE)
    await api.database.run(lambda: update(scope, "customer", [id_], values, environment))
    api.endpoint.feed.wake()


async def test_a_record_is_told_of_from_its_creation_to_its_deletion(api: Api) -> None:
    async with subscribed(api) as ann:
        id_ = (await api.data('mutation { createCustomer(input: {name: "a"}) { id } }'))["createCustomer"][
            "id"
        ]
        told = await ann.told()
        assert told["operation"] == "created"
        assert told["record"] == {"id": id_, "name": "a", "revenue": None}
        assert "name" in told["changedFields"]
        await change(api, id_, revenue="1.50", name="b")
        assert await ann.told() == {
            "operation": "updated",
            "changedFields": ["name", "revenue"],
            "record": {"id": id_, "name": "b", "revenue": "1.50"},
        }
        await api.data("mutation ($id: ID!) { deleteCustomer(id: $id) { id } }", id=id_)
        gone = {"id": id_, "name": None, "revenue": None}
        assert await ann.told() == {"operation": "deleted", "changedFields": [], "record": gone}
        await api.data("mutation ($id: ID!) { restoreCustomer(id: $id) { id } }", id=id_)
        told = await ann.told()
        assert (told["operation"], told["record"]["name"]) == ("appeared", "b")


async def test_a_change_of_hidden_fields_alone_is_not_told(api: Api) -> None:
    id_ = await api.new("customer", name="a", cost="1.00", wechat="ann_1234")
    async with subscribed(api, "sales") as ann:
        await change(api, id_, cost="2.00")
        assert await ann.told() is None
        await change(api, id_, wechat="bob_5678")
        assert await ann.told() is None, "it is masked for this role, before and after"
        await change(api, id_, cost="3.00", name="b")
        assert (await ann.told())["changedFields"] == ["name"]


async def test_a_record_appears_and_disappears_with_what_is_asked_for(api: Api) -> None:
    id_ = await api.new("customer", name="a", grade="c")
    async with subscribed(api, w={"grade": {"eq": "a"}}) as ann:
        await change(api, id_, name="b")
        assert await ann.told() is None
        await change(api, id_, grade="a")
        told = await ann.told()
        assert (told["operation"], told["changedFields"]) == ("appeared", [])
        await change(api, id_, grade="b")
        assert await ann.told() == {
            "operation": "disappeared",
            "changedFields": [],
            "record": {"id": id_, "name": None, "revenue": None},
        }


async def test_a_selection_that_needs_more_than_the_id_has_no_record_when_it_is_gone(api: Api) -> None:
    id_ = await api.new("customer", name="a", grade="a")
    text = """subscription { customerChanged(where: {grade: {eq: a}}) {
        id record { id version } kind: __typename } }"""
    async with subscribed(api, text=text) as ann:
        await change(api, id_, grade="b")
        assert await ann.told() == {"id": id_, "record": None, "kind": "CustomerChange"}


async def test_subscribers_who_ask_alike_share_their_statements(api: Api) -> None:
    id_ = await api.new("customer", name="a")
    async with subscribed(api) as one, subscribed(api) as two:
        await change(api, id_, name="b")
        for each in (one, two):
            assert each.follower.objects == {"customer"}
        first = await one.told()
        api.heard.clear()
        assert await two.told() == first
        assert not [each for each in api.heard if "sm_change" not in each]


async def test_changes_of_another_process_are_heard(api: Api, database_url: str) -> None:
    other = await connect(database_url)
    endpoint = Endpoint(api.tables, other)
    try:
        async with subscribed(api) as ann:
            query = Query('mutation { createCustomer(input: {name: "far"}) { id } }', {})
            assert b"errors" not in (await endpoint.answer(query, api.caller("admin"))).body
            assert (await ann.told())["record"]["name"] == "far"
    finally:
        await other.close()


async def test_a_write_that_is_refused_is_not_told(api: Api) -> None:
    async with subscribed(api) as ann:
        await api.error("mutation { createCustomer(input: {name: null}) { id } }")
        await api.data('mutation { createCustomer(input: {name: "b"}) { id } }')
        assert (await ann.told())["record"]["name"] == "b"


async def test_a_thousand_rows_of_one_mutation_are_all_told(api: Api) -> None:
    text = "mutation ($in: [CustomerCreate!]!) { createCustomers(input: $in) { count } }"
    async with api.endpoint.feed.follow(["customer"]) as follower:
        await api.data(text, **{"in": [{"name": f"n{at}"} for at in range(1000)]})
        ids = {change.record_id for _ in range(1000) if (change := await follower.next(SOON))}
    assert len(ids) == 1000


async def test_whoever_falls_behind_is_given_up_and_the_others_are_not(api: Api) -> None:
    slow = Follower(frozenset({"customer"}), pending=2)
    async with api.endpoint.feed.follow(["customer"]) as quick:
        for at in range(3):
            await api.new("customer", name=str(at))
            made = await quick.next(SOON)
            assert made
            slow.tell(made)
    with pytest.raises(Lost):
        await slow.next(SOON)


async def test_nothing_is_read_while_nobody_follows(api: Api) -> None:
    async with api.endpoint.feed.follow(["customer"]):
        pass
    assert not [each for each in asyncio.all_tasks() if "Feed" in repr(each.get_coro())]


async def test_who_may_not_read_an_object_has_no_subscription_to_it(api: Api) -> None:
    hidden = await api.error("subscription { contactChanged { operation } }", "sales")
    assert hidden["extensions"]["code"] == "BAD_REQUEST"
    assert hidden["message"].startswith("Cannot query field 'contactChanged' on type 'Subscription'.")
    assert (await api.error("subscription { customerChanged { operation } }"))["message"].startswith(
        "Subscribe by"
    )


async def test_deletion_and_return_by_the_system_are_told(api: Api) -> None:
    id_ = await api.new("customer", name="a")
    scope, environment = SystemScope(api.tables), Environment({}, {"id": api.user}, NOW, UTC_ZONE)
    async with subscribed(api, "sales") as ann:
        await api.database.run(lambda: delete(scope, "customer", [id_], environment))
        assert (await ann.told())["operation"] == "deleted"
        await api.database.run(lambda: restore(scope, "customer", [id_], environment))
        assert (await ann.told())["operation"] == "appeared"
