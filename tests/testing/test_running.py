"""An app in the test's own process: its users ask, and its clock is moved by hand."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from salesmode.database.connect import connect
from salesmode.tables import tables_of
from salesmode.testing import START, Running
from tests.stories.shop import told


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[Running]:
    database = await connect(database_url)
    running = Running(tables_of(told("").model, database.dialect), database)
    await running.make_tables()
    await running.begin()
    yield running
    await database.close()


async def test_users_of_the_metadata_and_the_administrator_ask(shop: Running) -> None:
    for name in ("ann", "admin"):
        answer = await shop.ask(name, "{ viewer { name } }")
        assert answer == {"data": {"viewer": {"name": name}}}


async def test_who_is_not_there_is_not_signed_in(shop: Running) -> None:
    (error,) = (await shop.ask("carl", "{ viewer { name } }"))["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_time_passes_only_when_it_is_told(shop: Running) -> None:
    create = 'mutation { createCustomer(input: {name: "x"}) { customer { createdAt } } }'
    first = await shop.ask("ann", create)
    await shop.pass_time("+40d")
    second = await shop.ask("ann", create)
    seen = [each["data"]["createCustomer"]["customer"]["createdAt"] for each in (first, second)]
    expected = [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (START, START + timedelta(days=40))]
    assert seen == expected


async def test_a_new_beginning_has_no_records(shop: Running) -> None:
    await shop.ask("ann", 'mutation { createCustomer(input: {name: "x"}) { id } }')
    await shop.begin()
    assert await shop.ask("admin", "{ customers { totalCount } users { totalCount } }") == {
        "data": {"customers": {"totalCount": 0}, "users": {"totalCount": 3}}
    }


async def test_the_tables_go_again(shop: Running) -> None:
    await shop.drop_tables()
    await shop.make_tables()
    await shop.begin()
    assert "errors" not in await shop.ask("ann", "{ viewer { name } }")
