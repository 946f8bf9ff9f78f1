"""Introspection is read from the catalog, beside the event loop; it says what graphql-core would say."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from graphql import FieldNode, execute_sync, get_introspection_query, graphql_sync, parse, print_schema

from salesmode.access.compose import policy_of
from salesmode.compiler import compile_app
from salesmode.database.connect import connect
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.graph.cache import ByteCache
from salesmode.graph.document import read_document
from salesmode.graph.endpoint import Answer, Caller, Endpoint, Query
from salesmode.graph.limits import DEFAULT
from salesmode.graph.meta import Meta
from salesmode.graph.printed import printed
from salesmode.model.app import Model
from salesmode.resources import presets_dir
from salesmode.tables import tables_of
from tests.graph.api import NOW, UTC_ZONE, Api
from tests.graph.worlds import chain, crm, schema_of

pytestmark = pytest.mark.anyio

EVERYTHING = {
    "descriptions": True,
    "specified_by_url": True,
    "directive_is_repeatable": True,
    "schema_description": True,
    "input_value_deprecation": True,
}
TEXTS = (
    get_introspection_query(),
    get_introspection_query(**EVERYTHING),
    get_introspection_query(descriptions=False, input_value_deprecation=True),
    '{ __type(name: "Customer") { fields { name type { kind ofType { name } } } } }',
    "{ __schema { types { name kind } } }",
    "{ __schema { __typename a: types { name } b: types { kind isOneOf } } }",
    """query ($n: String!, $deep: Boolean!, $old: Boolean) { one: __type(name: $n) { ...T
        fields(includeDeprecated: $old) { isDeprecated deprecationReason args { ...A } type { ...T } } }
        two: __type(name: "Query") { fields { name args @include(if: $deep) { ...A } } } }
        fragment T on __Type { kind name ... on __Type { ofType @skip(if: $deep) { kind name } } __typename }
        fragment A on __InputValue { name defaultValue type { ...T } }""",
    """{ __type(name: "Node") { kind possibleTypes { name interfaces { name } } fields { name } }
        __schema { directives { name isRepeatable locations isDeprecated args { name defaultValue } } } }""",
    '{ __type(name: "Hidden") { name } other: __type(name: "__Type") { fields { args { defaultValue } } } }',
    '{ __type(name: "Mutation") { name } } ',
    '{ __type(name: "CustomerWhere") { isOneOf inputFields { name type { name } } } }',
    '{ __type(name: "CustomerGrade") { enumValues(includeDeprecated: true) { name isDeprecated } } }',
)
VARIABLES: dict[str, Any] = {"n": "Customer", "deep": True, "old": None}


@cache
def preset() -> Model:
    return compile_app(presets_dir() / "expert_b2b").model


@pytest.fixture
async def nowhere(tmp_path: Path) -> AsyncIterator[Database]:
    """A database without a table: no introspection asks it anything."""
    database = await connect(f"sqlite:///{tmp_path / 'empty.db'}")
    yield database
    await database.close()


async def answer(model: Model, database: Database, text: str, *roles: str) -> Answer:
    caller = Caller(policy_of(model, roles), Environment({}, {"roles": roles}, NOW, UTC_ZONE))
    return await Endpoint(tables_of(model, "sqlite"), database).answer(Query(text, VARIABLES), caller)


async def check(model: Model, database: Database, text: str, *roles: str) -> None:
    known = execute_sync(schema_of(model, *roles), parse(text), variable_values=VARIABLES)
    assert known.errors is None
    assert (await answer(model, database, text, *roles)).body == orjson.dumps({"data": known.data})


@pytest.mark.parametrize("roles", [("admin",), ("sales",), (), ("sales", "nobody")])
@pytest.mark.parametrize("text", TEXTS)
async def test_every_answer_is_that_of_the_library_to_the_byte(
    text: str, roles: tuple[str, ...], nowhere: Database
) -> None:
    await check(crm(), nowhere, text, *roles)
    await check(chain(12), nowhere, text, *roles)


@pytest.mark.parametrize("role", ["admin", "sales", "marketing"])
async def test_so_is_that_for_a_preset(role: str, nowhere: Database) -> None:
    for text in (get_introspection_query(**EVERYTHING), TEXTS[6]):
        await check(preset(), nowhere, text, role)


@pytest.mark.parametrize("roles", [("admin",), ("sales",), ()])
def test_the_printed_schema_is_that_of_the_library(roles: tuple[str, ...]) -> None:
    for model in (crm(), chain(12)):
        schema = schema_of(model, *roles)
        assert "\n\n".join(printed(schema.catalog)) == print_schema(schema)


def test_so_is_that_of_a_preset() -> None:
    schema = schema_of(preset(), "admin")
    assert "\n\n".join(printed(schema.catalog)) == print_schema(schema)


async def test_it_makes_no_type() -> None:
    schema = schema_of(chain(30), "admin")
    document = read_document(get_introspection_query(), None, schema, DEFAULT)
    (node,) = document.operation.selection_set.selections
    assert isinstance(node, FieldNode)
    found = orjson.loads(await Meta(document, "__schema", [node]).answer({}, "en", ByteCache(0)))
    assert len(found["types"]) > 500
    assert all(each.startswith("__") for each in schema.type_map.made)


async def test_lists_in_lists_of_a_schema_are_refused(api: Api) -> None:
    text = "{ __schema { types { fields { type { fields { type { inputFields { name } } } } } } } }"
    told = {each["message"] for each in (await api.ask(text))["errors"]}
    assert told == {"Maximum introspection depth exceeded"}


async def test_a_variable_that_does_not_fit_is_refused(api: Api) -> None:
    text = "query ($n: String!) { __type(name: $n) { name } }"
    known = graphql_sync(schema_of(crm(), "admin"), text, variable_values={"n": 1})
    assert known.errors
    assert (await api.error(text, n=1))["message"] == known.errors[0].message
    assert "was not provided" in (await api.error(text))["message"]


async def test_what_is_kept_is_small(api: Api) -> None:
    found = await api.answer(get_introspection_query())
    assert 0 < api.endpoint.answered_bytes < len(found.body) / 8


async def test_others_are_answered_while_it_is_made(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, text_of = threading.Event(), threading.Event(), Meta._text

    def slow(self: Meta, *arguments: Any) -> Iterator[bytes]:
        begun.set()
        assert go_on.wait(30)
        return text_of(self, *arguments)

    monkeypatch.setattr(Meta, "_text", slow)
    asking = asyncio.create_task(api.answer(get_introspection_query()))
    await asyncio.to_thread(begun.wait, 30)
    assert await api.data("{ customers { totalCount } }") == {"customers": {"totalCount": 0}}
    assert not asking.done()
    go_on.set()
    assert "errors" not in orjson.loads((await asking).body)
