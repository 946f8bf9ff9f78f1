"""Who may ask at all, and as whom."""

import time
from dataclasses import replace
from datetime import timedelta

import jwt
import pytest

from salesmode.diagnostics import Refusal
from salesmode.server.settings import DEFAULTS
from salesmode.server.tokens import Identity, Tokens, Trust, new_token
from tests.server.office import HOUR, SECRET, Office, opened

pytestmark = pytest.mark.anyio

VIEWER = "{ viewer { name } }"


async def test_a_token_signs_its_user_in(served: Office) -> None:
    answer = await served.ask(VIEWER, "ann")
    assert answer.status_code == 200
    assert answer.json() == {"data": {"viewer": {"name": "ann"}}}


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer nonsense",
        "Basic YW5uOmFubg==",
        f"Bearer {new_token('another secret' * 5, 'ann', lifetime=HOUR)}",
        f"Bearer {new_token(SECRET, 'ann', lifetime=timedelta(seconds=-1))}",
        f"Bearer {new_token(SECRET, 'nobody', lifetime=HOUR)}",
        f"Bearer {jwt.encode({'exp': time.time() + 60}, SECRET)}",
        f"Bearer {jwt.encode({'sub': 'ann'}, SECRET, algorithm='HS512')}",
        f"Bearer {jwt.encode({'sub': 'ann', 'roles': 'admin'}, SECRET)}",
        f"Bearer {jwt.encode({'sub': 'ann'}, None, algorithm='none')}",
        "Bearer smk_",
        f"Bearer smk_{'0' * 10}_{'x' * 43}",
    ],
    ids=lambda given: str(given)[:12],
)
async def test_nobody_is_told_so_in_the_shape_of_graphql(served: Office, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = await served.post({"query": VIEWER}, **headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_an_x_user_is_believed_only_in_development(served: Office) -> None:
    assert (await served.post({"query": VIEWER}, **{"X-User": "ann"})).status_code == 401
    developing = opened(served.database, served.model, served.url, dev=True)
    answer = await developing.post({"query": VIEWER}, **{"X-User": "ann"})
    assert answer.json() == {"data": {"viewer": {"name": "ann"}}}
    assert (await developing.post({"query": VIEWER}, **{"X-User": "eve"})).status_code == 401


async def test_a_bad_token_is_no_better_for_an_x_user_beside_it(served: Office) -> None:
    developing = opened(served.database, served.model, served.url, dev=True)
    answer = await developing.post({"query": VIEWER}, **{"X-User": "ann", "Authorization": "Bearer x"})
    assert answer.status_code == 401


async def test_a_token_that_was_read_before_still_expires() -> None:
    now = time.time()
    clock = [now]
    tokens = Tokens(Trust(secret=SECRET), clock=lambda: clock[0])
    token = new_token(SECRET, "ann", lifetime=HOUR)
    assert await tokens.identity(token) == Identity("ann")
    clock[0] = now + 3601
    with pytest.raises(Refusal):
        await tokens.identity(token)


@pytest.mark.parametrize(
    ("language", "message"),
    [("en", "Sign in first."), ("zh-CN, en;q=0.3", "请先登录。"), ("fr", "Sign in first.")],
)
@pytest.mark.parametrize(
    "accept", ["application/json", "application/graphql-response+json", "text/event-stream"]
)
async def test_nobody_is_told_so_in_their_language(
    served: Office, accept: str, language: str, message: str
) -> None:
    sent = {"Accept": accept, "Accept-Language": language, "Authorization": "Bearer nonsense"}
    answer = await served.post({"query": VIEWER}, **sent)
    assert answer.status_code == 401
    assert answer.json() == {"errors": [{"message": message, "extensions": {"code": "UNAUTHENTICATED"}}]}
    assert answer.headers["content-language"] == language[:2].replace("fr", "en")
    assert answer.headers["vary"] == "Accept, Accept-Language"
    expected = accept if accept != "text/event-stream" else "application/json"
    assert answer.headers["content-type"] == f"{expected}; charset=utf-8"


async def test_a_token_names_its_issuer_and_audience_where_they_are_asked_for(served: Office) -> None:
    settings = replace(DEFAULTS, issuer="https://id.example", audience="crm")
    strict = opened(served.database, served.model, served.url, settings=settings)
    right = new_token(SECRET, "ann", lifetime=HOUR, issuer="https://id.example", audience="crm")
    answer = await strict.post({"query": VIEWER}, Authorization=f"Bearer {right}")
    assert answer.json() == {"data": {"viewer": {"name": "ann"}}}
    for wrong in (
        new_token(SECRET, "ann", lifetime=HOUR),
        new_token(SECRET, "ann", lifetime=HOUR, issuer="https://id.example"),
        new_token(SECRET, "ann", lifetime=HOUR, issuer="https://id.example", audience="erp"),
        new_token(SECRET, "ann", lifetime=HOUR, issuer="https://evil.example", audience="crm"),
    ):
        assert (await strict.post({"query": VIEWER}, Authorization=f"Bearer {wrong}")).status_code == 401
