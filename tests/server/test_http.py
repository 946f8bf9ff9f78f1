"""GraphQL over HTTP: methods, media types, status codes, languages."""

import re
from typing import Any

import httpx
import orjson
import pytest

from salesmode.server.settings import DEFAULTS
from salesmode.server.tokens import new_token
from tests.server.office import HOUR, SECRET, Office

pytestmark = pytest.mark.anyio

RESPONSE = "application/graphql-response+json"
JSON = "application/json"
ANN = {"Authorization": f"Bearer {new_token(SECRET, 'ann', lifetime=HOUR)}"}
VIEWER = {"query": "{ viewer { name } }"}


async def get(served: Office, parameters: dict[str, str], **headers: str) -> httpx.Response:
    return await served.client.get("/graphql", params=parameters, headers={**ANN, **headers})


async def post(served: Office, body: Any, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    sent = {**ANN, "Content-Type": JSON, **headers}
    return await served.client.post("/graphql", content=content, headers=sent)


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", JSON),
        (JSON, JSON),
        (RESPONSE, RESPONSE),
        (f"{RESPONSE}, {JSON};q=0.9", RESPONSE),
        (f"{RESPONSE};q=0.5, {JSON};q=0.9", JSON),
        ("text/html, application/*;q=0.1", JSON),
    ],
)
async def test_the_media_type_is_the_one_the_client_likes_best(
    served: Office, accept: str, media: str
) -> None:
    answer = await post(served, VIEWER, Accept=accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{media}; charset=utf-8"
    assert answer.json() == {"data": {"viewer": {"name": "ann"}}}


async def test_who_takes_neither_is_told_so(served: Office) -> None:
    assert (await post(served, VIEWER, Accept="image/png")).status_code == 406
    assert (await post(served, VIEWER, Accept=f"{JSON};q=0")).status_code == 406


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (orjson.dumps(VIEWER), "application/json; charset=UTF-8", 200),
        (orjson.dumps(VIEWER), "application/json; charset=latin-1", 415),
        (orjson.dumps(VIEWER), "text/plain", 415),
        (orjson.dumps(VIEWER), "application/graphql", 415),
        (orjson.dumps(VIEWER), "", 415),
        (b"", JSON, 400),
        (b"{", JSON, 400),
        (b"\xff", JSON, 400),
        (b"[]", JSON, 400),
        (b"{}", JSON, 400),
        (b'{"query": 1}', JSON, 400),
        (b'{"query": "{ viewer { name } }", "variables": []}', JSON, 400),
        (b'{"query": "{ viewer { name } }", "operationName": 1}', JSON, 400),
        (b'{"query": "{ viewer { name } }", "extensions": "x"}', JSON, 400),
        (
            b'{"query": "{ viewer { name } }", "variables": null, "operationName": null, "extensions": {}}',
            JSON,
            200,
        ),
    ],
)
async def test_a_body_is_a_json_object_with_a_query(
    served: Office, body: bytes, content_type: str, status: int
) -> None:
    answer = await post(served, body, **{"Content-Type": content_type})
    assert answer.status_code == status
    if status != 200:
        assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_a_body_that_is_too_large_is_not_read(served: Office) -> None:
    answer = await post(served, b" " * (DEFAULTS.max_body + 1))
    assert answer.status_code == 413
    assert answer.json()["errors"][0]["message"] == "The limit of a request's body is 1048576 bytes."


async def test_reading_by_get_takes_the_same_parameters(served: Office) -> None:
    text = "query A($n: String) { deals(where: {name: {eq: $n}}) { totalCount } } query B { viewer { name } }"
    found = await get(served, {"query": text, "operationName": "A", "variables": '{"n": "x"}'})
    assert found.json() == {"data": {"deals": {"totalCount": 0}}}
    found = await get(served, {"query": text, "operationName": "B"})
    assert found.json() == {"data": {"viewer": {"name": "ann"}}}
    assert (await get(served, {"query": text, "variables": "{"})).status_code == 400
    assert (await get(served, {})).status_code == 400


async def test_a_mutation_by_get_changes_nothing(served: Office) -> None:
    text = 'mutation { createDeal(input: {name: "x"}) { id } }'
    answer = await get(served, {"query": text})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert (await get(served, {"query": "{ deals { totalCount } }"})).json()["data"]["deals"][
        "totalCount"
    ] == 0
    assert "data" in (await post(served, {"query": text})).json()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_told_the_right_ones(served: Office, method: str) -> None:
    answer = await served.client.request(method, "/graphql", headers=ANN)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"query": "{"}, 400),
        ({"query": "{ nothing }"}, 400),
        ({"query": "query ($n: Int!) { deals(first: $n) { totalCount } }"}, 400),
        ({"query": "{ deals(first: 1001) { totalCount } }"}, 400),
        ({"query": "mutation { createDeal(input: {}) { id } }"}, 200),
    ],
)
async def test_a_request_that_was_not_executed_is_400_in_the_new_media_type_and_200_in_the_old(
    served: Office, body: dict[str, str], status: int
) -> None:
    new, old = await post(served, body, Accept=RESPONSE), await post(served, body, Accept=JSON)
    assert (new.status_code, old.status_code) == (status, 200)
    assert new.json() == old.json()
    assert ("data" in new.json()) == (status == 200)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("zh", "zh"),
        ("zh-CN, en;q=0.5", "zh"),
        ("en;q=0.5, zh-TW;q=0.6", "zh"),
        ("fr", "en"),
        ("*", "en"),
    ],
)
async def test_the_answer_is_in_the_best_language_and_says_which(
    served: Office, accepted: str, language: str
) -> None:
    answer = await post(
        served, {"query": "mutation { createDeal(input: {}) { id } }"}, **{"Accept-Language": accepted}
    )
    assert answer.headers["content-language"] == language
    assert "Accept-Language" in answer.headers["vary"]
    (problem,) = answer.json()["errors"][0]["extensions"]["problems"]
    assert problem["message"] == {"en": "This is required.", "zh": "此项必填。"}[language]


async def test_health_says_whether_the_process_lives_and_the_database_answers(
    served: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await served.client.get("/health/live")).json() == {"status": "live"}
    assert (await served.client.get("/health/ready")).json() == {"status": "ready"}

    async def broken(_: object) -> None:
        raise OSError

    monkeypatch.setattr(served.database, "fetch", broken)
    assert (await served.client.get("/health/live")).status_code == 200
    assert (await served.client.get("/health/ready")).status_code == 503


async def test_the_console_is_served_without_any_other_place(served: Office) -> None:
    assert (await served.client.get("/")).headers["location"] == "/console/"
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    assert (await served.client.get("/graphql", headers=browser)).headers["location"] == "/console/"
    page = await served.client.get("/console/")
    files = [
        await served.client.get(f"/console/{name}")
        for name in re.findall(r'(?:href|src)="(\w+\.\w+)"', page.text)
    ]
    assert [each.status_code for each in (page, *files)] == [200, 200, 200]
    assert not any("://" in each.text for each in (page, *files))


async def test_a_list_of_requests_is_refused_in_words(served: Office) -> None:
    answer = await post(served, [VIEWER, VIEWER])
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert "batching" in error["message"]


@pytest.mark.parametrize(
    ("status", "method", "content", "headers"),
    [
        (400, "POST", b"{", {}),
        (401, "POST", b'{"query": "{ viewer { name } }"}', {"Authorization": "Bearer nonsense"}),
        (405, "PUT", b"{}", {}),
        (406, "POST", b"{}", {"Accept": "image/png"}),
        (413, "POST", b" " * (DEFAULTS.max_body + 1), {}),
        (415, "POST", b"{}", {"Content-Type": "text/plain"}),
    ],
)
@pytest.mark.parametrize("accept", [JSON, RESPONSE])
async def test_every_refusal_is_told_in_graphql_in_the_language_of_who_asks(
    served: Office, accept: str, status: int, method: str, content: bytes, headers: dict[str, str]
) -> None:
    sent = {**ANN, "Content-Type": JSON, "Accept": accept, "Accept-Language": "zh-CN", **headers}
    answer = await served.client.request(method, "/graphql", content=content, headers=sent)
    assert answer.status_code == status
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == ("UNAUTHENTICATED" if status == 401 else "BAD_REQUEST")
    assert not error["message"].isascii()
    assert (answer.headers["content-language"], answer.headers["vary"]) == ("zh", "Accept, Accept-Language")
    assert answer.headers["cache-control"] == "no-store"


async def test_a_sign_in_that_fails_on_our_side_says_nothing_of_it(
    served: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object) -> None:
        raise OSError("connection to 10.0.0.7 refused")

    monkeypatch.setattr(served.database, "fetch", broken)
    answer = await post(served, VIEWER)
    assert answer.status_code == 500
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert "10.0.0.7" not in answer.text
