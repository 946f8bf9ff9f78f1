"""How often one user may ask: a burst at once, then as fast as the bucket fills."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from salesmode.access.compose import policy_of
from salesmode.database.environment import Environment
from salesmode.graph.endpoint import Caller
from salesmode.server.rates import Rates, TooMany
from salesmode.server.settings import DEFAULTS
from salesmode.server.tokens import new_token
from tests.server.office import HOUR, SECRET, Office, office, opened

pytestmark = pytest.mark.anyio

VIEWER = "{ viewer { name } }"


def limited(served: Office, *, burst: int) -> Office:
    """The same CRM, where an operation takes a hundred seconds to be had again."""
    settings = replace(DEFAULTS, rate=0.01, burst=burst)
    return opened(served.database, served.model, served.url, settings=settings)


async def streamed(found: Office) -> httpx.Response:
    token = new_token(SECRET, "ann", lifetime=HOUR)
    sent = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    return await found.post({"query": VIEWER}, **sent)


async def test_who_asks_too_often_is_told_when_to_come_back(served: Office) -> None:
    await served.new("user", name="bob", roles=["admin"])
    strict = limited(served, burst=2)
    assert [(await strict.ask(VIEWER, "ann")).status_code for _ in range(2)] == [200, 200]
    refused = await strict.ask(VIEWER, "ann", ["admin"])
    assert refused.status_code == 429
    assert 90 <= int(refused.headers["retry-after"]) <= 100
    assert (refused.headers["content-language"], refused.headers["vary"]) == ("en", "Accept, Accept-Language")
    (error,) = refused.json()["errors"]
    assert error["extensions"] == {"code": "RATE_LIMITED"}
    assert error["message"].startswith("The limit of rate is 0.01 operations per second")
    assert (await strict.ask(VIEWER, "bob")).status_code == 200, "each user has a bucket of their own"


async def test_a_stream_counts_as_an_operation(served: Office) -> None:
    strict = limited(served, burst=1)
    assert (await streamed(strict)).status_code == 200
    refused = await streamed(strict)
    assert refused.status_code == 429
    assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_nobody_is_counted_by_default(served: Office) -> None:
    assert {(await served.ask(VIEWER, "ann")).status_code for _ in range(50)} == {200}


def test_a_bucket_fills_as_time_goes_by() -> None:
    environment = Environment({}, {"id": "1"}, datetime.now(UTC), ZoneInfo("UTC"))
    caller = Caller(policy_of(office(), ["boss"]), environment)
    now = [0.0]
    rates = Rates(2, 3, clock=lambda: now[0])

    def spent() -> int:
        """How many operations there is room for."""
        for count in range(100):
            with suppress(TooMany):
                rates.spend(caller)
                continue
            return count
        raise AssertionError

    assert spent() == 3
    with pytest.raises(TooMany) as refused:
        rates.spend(caller)
    assert refused.value.seconds == 1
    now[0] = 1.0
    assert spent() == 2
    now[0] = 1000.0
    assert spent() == 3, "it is never fuller than full"
