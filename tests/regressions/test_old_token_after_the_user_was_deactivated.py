"""A token says who somebody was; what they are now is asked of the database."""

import pytest

from salesmode.database.connect import connect
from salesmode.tables import tables_of
from tests.server.office import office, opened

pytestmark = pytest.mark.anyio


async def test_an_old_token_opens_nothing(database_url: str) -> None:
    database = await connect(database_url)
    found = office()
    await database.with_connection(tables_of(found, database.dialect).create)
    served = opened(database, found, database_url)
    try:
        ann = await served.new("user", name="ann", roles=["admin"])
        statuses = [(await served.ask("{ viewer { id } }", "ann")).status_code]
        await served.change("user", ann, {"active": False})
        for text in (
            "{ viewer { id } }",
            "{ __typename }",
            'mutation { createUser(input: {name: "x"}) { id } }',
        ):
            answer = await served.ask(text, "ann")
            assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
            assert "data" not in answer.json()
            statuses.append(answer.status_code)
        assert statuses == [200, 401, 401, 401]
        await served.change("user", ann, {"active": True, "roles": []})
        refused = (await served.ask("{ users { totalCount } deals { totalCount } }", "ann")).json()
        assert refused["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    finally:
        await served.client.aclose()
        await database.close()
