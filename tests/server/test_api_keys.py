"""Keys of the API: made for a user, narrowed, ended, taken back, and noted when they are used."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from salesmode.database.driver import UnitOf
from salesmode.database.unit import Step
from salesmode.diagnostics import Refusal
from salesmode.server.api_key_rows import ApiKey, ApiKeyRows
from salesmode.server.api_keys import ApiKeys
from salesmode.server.tokens import Identity
from salesmode.tables import tables_of
from tests.server.office import Office

pytestmark = pytest.mark.anyio

VIEWER = "{ viewer { name roles } }"
DAY = timedelta(days=1)


def rows(served: Office) -> ApiKeyRows:
    return ApiKeyRows(tables_of(served.model, served.database.dialect))


async def made(
    served: Office, user: str = "ann", *, roles: list[str] | None = None, ends: timedelta | None = None
) -> str:
    expires = None if ends is None else datetime.now(UTC) + ends
    key = await served.database.run(
        lambda: rows(served).made(user, name="till", roles=roles, expires_at=expires)
    )
    assert key is not None
    return key


async def listed(served: Office) -> list[ApiKey]:
    found = rows(served)
    return [found.key(each) for each in await served.database.fetch(found.listing())]


async def ask(served: Office, key: str) -> httpx.Response:
    return await served.post({"query": VIEWER}, Authorization=f"Bearer {key}")


async def test_a_key_signs_its_user_in(served: Office) -> None:
    answer = await ask(served, await made(served))
    assert answer.json() == {"data": {"viewer": {"name": "ann", "roles": ["admin"]}}}


async def test_only_its_hash_is_stored(served: Office) -> None:
    key = await made(served)
    stored = await served.database.fetch(Step("SELECT * FROM sm_api_key", ()))
    assert key.rpartition("_")[2] not in str([tuple(each) for each in stored])
    (found,) = await listed(served)
    assert key.startswith(f"{found.prefix}_")
    assert (found.name, found.user, found.roles, found.expires_at) == ("till", "ann", None, None)


async def test_a_key_uses_only_the_roles_that_it_names_and_only_those_of_the_user(served: Office) -> None:
    await served.new("user", name="bob", roles=["boss"])
    for user, roles, allowed in (("ann", None, True), ("ann", ["rep"], False), ("bob", ["admin"], False)):
        key = await made(served, user, roles=roles)
        answer = await served.post({"query": "{ teams { totalCount } }"}, Authorization=f"Bearer {key}")
        assert ("errors" not in answer.json()) is allowed


async def test_there_is_no_key_for_nobody(served: Office) -> None:
    unit = lambda: rows(served).made("eve", name=None, roles=None, expires_at=None)  # noqa: E731
    assert await served.database.run(unit) is None
    assert await listed(served) == []


async def test_a_wrong_key_is_nobodys(served: Office) -> None:
    key = await made(served)
    for wrong in (key[:-1], key + "x", key[:-1] + ("a" if key[-1] != "a" else "b"), key.rpartition("_")[0]):
        assert (await ask(served, wrong)).status_code == 401
    assert (await ask(served, key)).status_code == 200


async def test_a_key_ends_with_its_date(served: Office) -> None:
    assert (await ask(served, await made(served, ends=DAY))).status_code == 200
    assert (await ask(served, await made(served, ends=-DAY))).status_code == 401


@pytest.mark.parametrize("change", [{"active": False}, {"roles": ["rep"]}])
async def test_a_key_follows_its_user_at_once(served: Office, change: dict[str, Any]) -> None:
    bob = await served.new("user", name="bob", roles=["boss"])
    key = await made(served, "bob")
    assert (await ask(served, key)).json()["data"]["viewer"]["roles"] == ["boss"]
    await served.change("user", bob, change)
    answer = await ask(served, key)
    assert (answer.status_code, answer.json().get("data")) == (
        (200, {"viewer": {"name": "bob", "roles": ["rep"]}}) if "roles" in change else (401, None)
    )


async def test_the_key_of_a_user_who_is_deleted_is_nobodys_even_when_the_name_comes_again(
    served: Office,
) -> None:
    bob = await served.new("user", name="bob", roles=["boss"])
    key = await made(served, "bob")
    assert (await ask(served, key)).status_code == 200
    answer = await served.ask(f'mutation {{ deleteUser(id: "{bob}") {{ id }} }}', "ann")
    assert "errors" not in answer.json()
    assert (await ask(served, key)).status_code == 401
    await served.new("user", name="bob", roles=["boss"])
    fresh = ApiKeys(tables_of(served.model, served.database.dialect), served.database)
    with pytest.raises(Refusal):
        await fresh.identity(key)
    assert [each.user for each in await listed(served)] == [None]


async def test_a_key_that_is_taken_back_is_trusted_for_a_second_at_most(served: Office) -> None:
    now = [0.0]
    tables = tables_of(served.model, served.database.dialect)
    keys = ApiKeys(tables, served.database, clock=lambda: now[0])
    key = await made(served)
    assert await keys.identity(key) == Identity("ann")
    prefix = next(each.prefix for each in await listed(served))
    assert await served.database.run(lambda: rows(served).revoked(prefix))
    assert not await served.database.run(lambda: rows(served).revoked(prefix)), "it is revoked once"
    now[0] = 1.0
    with pytest.raises(Refusal):
        await keys.identity(key)


async def test_a_key_is_looked_up_once_a_second_and_its_use_noted_once_a_minute(served: Office) -> None:
    now = [0.0]
    tables = tables_of(served.model, served.database.dialect)
    keys = ApiKeys(tables, served.database, clock=lambda: now[0])
    key = await made(served)
    served.heard.clear()
    for second in (0, 0, 0.5, 0.9, 1, 1.5):
        now[0] = second
        assert await keys.identity(key) == Identity("ann")
        await asyncio.gather(*keys._noting)
    assert sum("SELECT" in each for each in served.heard) == 2
    assert sum("UPDATE sm_api_key" in each for each in served.heard) == 1
    (found,) = await listed(served)
    assert found.last_used_at is not None
    assert datetime.now(UTC) - found.last_used_at < DAY


async def test_its_use_is_noted_again_after_a_minute_whoever_noted_it(served: Office) -> None:
    key = await made(served)
    (found,) = await listed(served)
    start = datetime(2026, 3, 1, tzinfo=UTC)

    def noted(after: int) -> UnitOf[None]:
        return rows(served).noted(found.prefix, start + timedelta(seconds=after))

    for after, expected in ((0, 0), (59, 0), (60, 60), (70, 60)):
        await served.database.run(lambda: noted(after))  # noqa: B023
        (now,) = await listed(served)
        assert now.last_used_at == start + timedelta(seconds=expected)
    assert (await ask(served, key)).status_code == 200


async def test_a_sign_in_does_not_fail_with_the_note_of_it(
    served: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keys = ApiKeys(tables_of(served.model, served.database.dialect), served.database)
    key = await made(served)

    async def broken(_: object) -> None:
        raise OSError

    monkeypatch.setattr(served.database, "run", broken)
    assert await keys.identity(key) == Identity("ann")
    await asyncio.gather(*keys._noting)
    assert "could not be noted" in caplog.text
