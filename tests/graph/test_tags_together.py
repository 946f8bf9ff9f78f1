"""Tags when others act at the same time: subscribers hear of them, and two who set one tag set one."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import orjson
import pytest

from salesmode.access.compose import policy_of
from salesmode.access.scope import SystemScope
from salesmode.graph.endpoint import Caller, Query
from salesmode.records import create
from tests.support.household import PROMOTE, TAG, UNTAG, households, names, tag
from tests.support.small_api import SYSTEM

pytestmark = pytest.mark.anyio

SUBSCRIBE = "subscription { householdChanged { operation changedFields record { id tags { name } } } }"


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Any]:
    async with households(database_url) as found:
        yield found


async def told(api: Any, person: str, change: Any) -> Any:
    """What the person is told of a change."""
    user = api.people[person]
    caller = Caller(policy_of(api.tables.model, user["roles"]), replace(SYSTEM, user=user))
    subscription = api.endpoint.subscription(Query(SUBSCRIBE, {}), caller)
    assert subscription is not None
    text = await subscription.told(change)
    return None if text is None else orjson.loads(text)["data"]["householdChanged"]


async def test_subscribers_hear_of_tags_that_they_see(api: Any) -> None:
    async with api.endpoint.feed.follow(["household"]) as follower:
        await tag(api, "ann", "referral")
        change = await follower.next(10)
        seen = {"id": api.li, "tags": [{"name": "referral"}]}
        updated = {"operation": "updated", "changedFields": ["tags"], "record": seen}
        assert await told(api, "ann", change) == updated
        await tag(api, "root", "secret")
        change = await follower.next(10)
        assert await told(api, "ann", change) is None
        assert (await told(api, "root", change))["changedFields"] == ["tags"]
        await api.data("ann", UNTAG, id=api.li, tag="referral")
        found = await told(api, "ann", await follower.next(10))
        assert (found["changedFields"], found["record"]["tags"]) == (["tags"], [])


async def test_two_who_set_one_tag_set_one(api: Any) -> None:
    both = [api.ask(person, TAG, id=api.li, tag="referral") for person in ("ann", "root", "ann", "root")]
    assert all("errors" not in each for each in await asyncio.gather(*both))
    assert await names(api, "root", "{tags: {has: referral}}") == [["referral"]]


async def test_two_who_promote_one_tag_make_one_deal(api: Any) -> None:
    await tag(api, "ann", "referral")
    both = [api.ask(person, PROMOTE, id=api.li, tag="referral") for person in ("ann", "root")]
    refused = [
        each["errors"][0]["extensions"]["code"] for each in await asyncio.gather(*both) if "errors" in each
    ]
    assert refused == ["NOT_FOUND"]
    assert await api.data("root", "{ opportunities { totalCount } }") == {"opportunities": {"totalCount": 1}}


async def test_two_calls_at_once_set_the_tag_that_they_make_due_together(api: Any) -> None:
    call = {"household": api.li, "kind": "call", "at": api.now}
    scope = SystemScope(api.tables)
    calls = [api.database.run(lambda: create(scope, "visit", [call], SYSTEM)) for _ in range(4)]
    await asyncio.gather(*calls)
    assert await names(api, "root", "{tags: {has: often_called}}") == [["often_called"]]
