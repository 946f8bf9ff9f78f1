"""A client library works unchanged: it reads the schema, checks its documents by it, and asks."""

import httpx
import pytest
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport

from salesmode.server.tokens import new_token
from tests.server.office import HOUR, SECRET, Office

pytestmark = pytest.mark.anyio


def client(served: Office) -> Client:
    transport = HTTPXAsyncTransport(
        url="http://crm/graphql",
        headers={"Authorization": f"Bearer {new_token(SECRET, 'ann', lifetime=HOUR)}"},
        transport=httpx.ASGITransport(served.app),
    )
    return Client(transport=transport, fetch_schema_from_transport=True, parse_results=True)


async def test_gql_reads_the_schema_and_asks(served: Office) -> None:
    async with client(served) as session:
        assert session.client.schema is not None
        create = gql("mutation ($in: DealCreate!) { createDeal(input: $in) { deal { id name version } } }")
        create.variable_values = {"in": {"name": "x"}}
        made = (await session.execute(create))["createDeal"]["deal"]
        assert (made["name"], made["version"]) == ("x", 1)
        ask = gql("query ($id: ID!) { node(id: $id) { __typename ... on Deal { name } } }")
        ask.variable_values = {"id": made["id"]}
        assert await session.execute(ask) == {"node": {"__typename": "Deal", "name": "x"}}


async def test_gql_raises_what_was_refused(served: Office) -> None:
    async with client(served) as session:
        with pytest.raises(TransportQueryError) as refused:
            await session.execute(gql("mutation { createDeal(input: {}) { id } }"))
    assert refused.value.errors is not None
    assert refused.value.errors[0]["extensions"]["code"] == "VALIDATION_FAILED"
