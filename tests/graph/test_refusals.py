"""What is refused before anything runs, and how it is told."""

from typing import Any

import orjson
import pytest

from salesmode.database.unit import Rows, Step
from salesmode.graph.endpoint import Query
from tests.graph.api import Api

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "text",
    [
        "{ customers { nodes { name }",
        "{ nothing { id } }",
        "query A { viewer { id } } query B { viewer { id } }",
        "fragment F on Customer { id }",
        "subscription { customerChanged { operation } }",
        "query ($a: Int!) { customers(first: $a) { totalCount } }",
        'query ($a: Int = "x") { customers(first: $a) { totalCount } }',
        "{ customers(where: {name: {like: 1}}) { totalCount } }",
        '{ customers(where: {staff: {eq: "1"}}) { totalCount } }',
        "{ customers(first: 1001) { totalCount } }",
        "{ customers(first: -1) { totalCount } }",
        "{ customers(first: 1, last: 1) { totalCount } }",
        "{ customers(orderBy: [{name: ASC, staff: ASC}]) { totalCount } }",
        "{ customers(where: null, orderBy: [{name: UP}]) { totalCount } }",
    ],
)
async def test_a_request_that_cannot_be_right_is_a_bad_one(api: Api, text: str) -> None:
    answer = await api.answer(text)
    found = orjson.loads(answer.body)
    assert not answer.executed
    assert "data" not in found
    assert {each["extensions"]["code"] for each in found["errors"]} == {"BAD_REQUEST"}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("{ custmers { totalCount } }", " Did you mean 'customers', 'customer', 'users', or 'user'?"),
        ("{ CUSTOMERS { totalCount } }", " Did you mean 'customers', 'customer', or 'users'?"),
        ("{ customers { nodes { nmae } } }", " Did you mean 'name'?"),
        ("{ customers { zzzzzz } }", ""),
        ('{ node(id: "1") { nmae } }', ""),
    ],
)
async def test_a_field_that_is_not_there_is_told_with_what_is_near(api: Api, text: str, hint: str) -> None:
    message: str = (await api.error(text))["message"]
    assert message.startswith("Cannot query field ")
    assert message.partition(".")[2] == hint


@pytest.mark.parametrize(
    "variables",
    [
        {"w": {"nam": {"eq": "x"}}},
        {"w": {"name": "x"}},
        {"w": {"and": [None]}},
        {"w": {"name": {"eq": None}}},
        {"w": {"name": {"in": ["x", None]}}},
        {"w": {"vip": {"eq": "yes"}}},
        {"w": {"name": {"isNull": 1}}},
        {"w": {"cost": {"eq": 1}}},
        {"o": [{"name": "UP"}]},
        {"o": [{"name": 1}]},
        {"n": "5"},
        {"n": 1001},
        {"n": 2**40},
    ],
)
async def test_variables_that_do_not_fit_their_types_are_refused(api: Api, variables: dict[str, Any]) -> None:
    text = """query ($w: CustomerWhere, $o: [CustomerOrderBy!], $n: Int) {
        customers(where: $w, orderBy: $o, first: $n) { nodes { name } } }"""
    for _ in range(2):
        assert await api.code(text, "sales", **variables) in {"BAD_REQUEST", "VALIDATION_FAILED"}


async def test_a_value_that_cannot_be_read_is_a_problem_with_its_path(api: Api) -> None:
    literal = '{ customers(where: {and: [{revenue: {gt: "much"}}, {founded: {in: ["x"]}}]}) { totalCount } }'
    variable = "query ($w: CustomerWhere) { customers(where: $w) { totalCount } }"
    where = {"and": [{"revenue": {"gt": "much"}}, {"founded": {"in": ["x"]}}]}
    for error in (await api.error(literal), await api.error(variable, w=where)):
        assert error["extensions"]["code"] == "VALIDATION_FAILED"
        assert error["path"] == ["customers"]
        assert [(each["path"], each["code"]) for each in error["extensions"]["problems"]] == [
            (["where", "and", 0, "revenue", "gt"], "not_a_number"),
            (["where", "and", 1, "founded", "in"], "not_a_date"),
        ]


async def test_hidden_and_missing_names_of_filters_get_one_text(api: Api) -> None:
    text = "query ($w: CustomerWhere) { customers(where: $w) { totalCount } }"
    hidden = await api.error(text, "sales", w={"cost": {"eq": "1"}})
    missing = await api.error(text, "sales", w={"cast": {"eq": "1"}})
    assert hidden["message"].replace("cost", "cast") == missing["message"]


async def test_texts_are_in_the_language_of_the_caller(api: Api) -> None:
    answer = await api.answer('mutation { createCustomer(input: {founded: "x"}) { id } }', locale="zh")
    (error,) = orjson.loads(answer.body)["errors"]
    assert error["message"] == "部分内容不符合要求。"
    assert {each["message"] for each in error["extensions"]["problems"]} >= {"此项必填。"}


async def test_variables_nested_without_end_are_too_complex(api: Api) -> None:
    where: dict[str, Any] = {"name": {"eq": "x"}}
    for _ in range(400):
        where = {"not": where}
    assert await api.code("query ($w: CustomerWhere) { customers(where: $w) { totalCount } }", w=where) == (
        "QUERY_TOO_COMPLEX"
    )


async def test_a_read_only_request_refuses_a_mutation(api: Api) -> None:
    query = Query('mutation { createCustomer(input: {name: "a"}) { id } }', {}, read_only=True)
    answer = await api.endpoint.answer(query, api.caller("admin"))
    assert answer.read_only_broken
    assert (await api.data("{ customers { totalCount } }"))["customers"]["totalCount"] == 0


async def test_what_nobody_foresaw_is_internal_and_says_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(step: Step) -> Rows:
        raise RuntimeError(f"secret {step.sql}")

    monkeypatch.setattr(api.database, "fetch_text", broken)
    found = await api.ask('{ customer(id: "01a206c2-c5ac-71fb-afaf-f85076b5ff5f") { name } viewer { id } }')
    assert found["data"] is None
    assert {each["extensions"]["code"] for each in found["errors"]} == {"INTERNAL"}
    assert "secret" not in str(found)
    assert all(each["extensions"]["id"] in caplog.text for each in found["errors"])


async def test_a_nullable_field_that_fails_is_null_beside_the_others(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = api.database.fetch_text

    async def broken(step: Step) -> str | None:
        if "FROM customers" in step.sql:
            raise RuntimeError
        return await fetch(step)

    monkeypatch.setattr(api.database, "fetch_text", broken)
    found = await api.ask('{ customer(id: "01a206c2-c5ac-71fb-afaf-f85076b5ff5f") { name } viewer { name } }')
    assert found["data"] == {"customer": None, "viewer": {"name": "ann"}}
    assert [each["path"] for each in found["errors"]] == [["customer"]]
