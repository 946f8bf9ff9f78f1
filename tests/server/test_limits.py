"""Every limit that a server has, asked over HTTP: what is just within it is answered, one more is refused by
its name, and a setting moves it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import httpx
import orjson
import pytest

from salesmode.cli.settings import LIMITS, settings_of
from salesmode.server.served import Served
from salesmode.server.settings import DEFAULTS
from salesmode.server.tokens import new_token
from tests.server.live import live
from tests.server.office import HOUR, SECRET, Office, opened

pytestmark = pytest.mark.anyio

HEADERS = {
    "Authorization": f"Bearer {new_token(SECRET, 'ann', lifetime=HOUR)}",
    "Content-Type": "application/json",
}
WHERE = "query ($w: DealWhere) { deals(where: $w) { totalCount } }"


def repeated(count: int, text: Callable[[int], str]) -> str:
    return " ".join(text(at) for at in range(count))


def deals(selection: str) -> dict[str, Any]:
    return {"query": f"{{ deals {{ nodes {{ {selection} }} }} }}"}


def tokens(count: int) -> Any:
    """Most of them are values in lists, which may be so long only."""
    lists = 1 + count // 1000
    values = iter(range(count - 16 - 10 * lists))
    texts = [repeated(len([*islice(values, 1000)]), lambda _: '"x"') for _ in range(lists)]
    where = " ".join(f"{{name: {{in: [{each}]}}}}" for each in texts)
    return {"query": f"{{ deals(where: {{or: [{where}]}}) {{ totalCount }} }}"}


def depth(count: int) -> Any:
    inner = repeated(count - 4, lambda _: "parent {") + " id " + "}" * (count - 4)
    return deals(f"team {{ {inner} }}")


def fields(count: int) -> Any:
    """In several root fields, since a thousand of one name in one place are too many to compare."""
    roots = 1 + count // 60
    sizes = [len(range(at, count, roots)) - 2 for at in range(roots)]
    texts = [f"a{at}: deals {{ nodes {{ {'id ' * size} }} }}" for at, size in enumerate(sizes)]
    return {"query": "{" + " ".join(texts) + "}"}


def directives(count: int) -> Any:
    spread = deals(repeated(count, lambda _: "...F @include(if: true)"))
    return {"query": f"{spread['query']} fragment F on Deal {{ id }}"}


def terms(count: int) -> Any:
    return {"query": WHERE, "variables": {"w": {"or": [{"name": {"eq": str(at)}} for at in range(count)]}}}


def nesting(count: int) -> Any:
    where: Any = {"name": {"eq": "x"}}
    for _ in range(count):
        where = {"not": where}
    return {"query": WHERE, "variables": {"w": where}}


def items(count: int) -> Any:
    return {"query": WHERE, "variables": {"w": {"name": {"in": ["x"] * count}}}}


def body(count: int) -> bytes:
    return orjson.dumps({"query": "{ viewer { id } }"}).ljust(count)


def batch(count: int) -> Any:
    return [{"query": "{ viewer { id } }"}] * count


@dataclass(frozen=True)
class Case:
    """A limit: its name in a refusal, its default, another value, and a request as large as asked for."""

    told: str
    default: int
    other: int
    request: Callable[[int], Any]
    code: str = "QUERY_TOO_COMPLEX"
    status: int = 200


CASES = {
    "body": Case("a request's body", 1024 * 1024, 200, body, "BAD_REQUEST", 413),
    "tokens": Case("tokens", 5_000, 30, tokens),
    "depth": Case("depth", 12, 5, depth),
    "aliases": Case("aliases", 60, 7, lambda n: deals(repeated(n, lambda at: f"a{at}: id"))),
    "roots": Case(
        "root fields", 20, 3, lambda n: {"query": "{" + repeated(n, lambda at: f"a{at}: viewer {{id}}") + "}"}
    ),
    "directives": Case("directives", 20, 2, directives),
    "fields": Case("fields", 1_000, 9, fields),
    "items": Case("list", 1_000, 5, items, "BAD_REQUEST"),
    "terms": Case("filter terms", 200, 4, terms),
    "nesting": Case("filter nesting", 8, 2, nesting),
    "batch": Case("batch", 1, 3, batch, "BAD_REQUEST", 400),
}


async def ask(served: Office, request: Any) -> httpx.Response:
    content = request if isinstance(request, bytes) else orjson.dumps(request)
    return await served.client.post("/graphql", content=content, headers=HEADERS)


async def refused(served: Office, request: Any, case: Case, limit: int) -> None:
    answer = await ask(served, request)
    assert answer.status_code == case.status
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == case.code
    assert error["message"].startswith(f"The limit of {case.told} is {limit}")


def errors(answer: httpx.Response) -> list[Any]:
    found = answer.json()
    return [
        error for each in (found if isinstance(found, list) else [found]) for error in each.get("errors", ())
    ]


@pytest.mark.parametrize("name", [each for each in CASES if each != "batch"])
async def test_a_limit_is_what_is_documented(served: Office, name: str) -> None:
    case = CASES[name]
    assert errors(await ask(served, case.request(case.default))) == []
    await refused(served, case.request(case.default + 1), case, case.default)


@pytest.mark.parametrize("name", CASES)
async def test_a_setting_moves_a_limit(served: Office, name: str) -> None:
    case = CASES[name]
    settings = settings_of([f"{name}={case.other}"], [])
    other = opened(served.database, served.model, served.url, settings=settings)
    assert errors(await ask(other, case.request(case.other))) == []
    await refused(other, case.request(case.other + 1), case, case.other)


async def test_a_list_of_requests_is_not_taken_unless_that_is_set(served: Office) -> None:
    answer = await ask(served, batch(1))
    assert answer.status_code == 400
    assert "batching" in answer.json()["errors"][0]["message"]


async def test_requests_of_a_list_are_answered_one_by_one(served: Office) -> None:
    settings = settings_of(["batch=3", "rate=0.01", "burst=2"], [])
    other = opened(served.database, served.model, served.url, settings=settings)
    first, second, third = (await ask(other, [batch(1)[0], {"query": "{ nothing }"}, batch(1)[0]])).json()
    assert "viewer" in first["data"]
    assert second["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert third["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


ROWS = "query ($n: Int) { teams(first: $n) { nodes { id } } users(first: 2) { nodes { id } } }"


async def test_the_rows_of_an_answer_are_limited_with_those_of_all_its_fields(served: Office) -> None:
    other = opened(served.database, served.model, served.url, settings=settings_of(["rows=9"], []))
    assert errors(await ask(other, {"query": ROWS, "variables": {"n": 7}})) == []
    await refused(other, {"query": ROWS, "variables": {"n": 8}}, Case("rows", 9, 0, batch), 9)
    assert errors(await ask(served, {"query": ROWS, "variables": {"n": 1000}})) == []


async def test_a_rate_and_its_burst_are_set(served: Office) -> None:
    other = opened(served.database, served.model, served.url, settings=settings_of(["rate=3"], []))
    codes = [(await ask(other, batch(1)[0])).status_code for _ in range(4)]
    assert codes[:3] == [200, 200, 200]
    assert DEFAULTS.rate is None


SLOW = {"query": WHERE, "variables": {"w": {"or": [{"name": {"icontains": f"{at}x"}} for at in range(200)]}}}


async def test_the_time_of_a_statement_is_set_on_either_database(served: Office) -> None:
    for _ in range(5):
        await served.new_deals(1000)
    assert DEFAULTS.statement_timeout == 5
    for setting, told in (("timeout=60", None), ("timeout=0.1", "The limit of statement time is 0.1 s")):
        app = Served(served.model, served.url, SECRET, settings=settings_of([setting], []))
        async with live(app, lifespan="on") as address, httpx.AsyncClient(timeout=60) as client:
            answer = (await client.post(f"http://{address}/graphql", json=SLOW, headers=HEADERS)).json()
        if told is None:
            assert answer == {"data": {"deals": {"totalCount": 0}}}
        else:
            (error,) = answer["errors"]
            assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX"
            assert error["message"].startswith(told)


def test_every_limit_that_can_be_set_is_tried_here() -> None:
    assert set(LIMITS.split(", ")) == {*CASES, "rows", "rate", "burst", "timeout"}


@pytest.mark.parametrize("name", ["tokens", "body", "items"])
async def test_a_refusal_by_a_limit_is_told_in_the_language_of_who_asks(served: Office, name: str) -> None:
    case = CASES[name]
    request = case.request(case.default + 1)
    content = request if isinstance(request, bytes) else orjson.dumps(request)
    answer = await served.client.post(
        "/graphql", content=content, headers={**HEADERS, "Accept-Language": "zh"}
    )
    message = answer.json()["errors"][0]["message"]
    assert str(case.default) in message
    assert not message.isascii()
