"""What `explain access` says of a record and its fields is what the API answers."""

from dataclasses import replace

import pytest

from salesmode.access.explain import (
    EMPTY,
    HIDDEN,
    MASKED,
    SEEN,
    decided_field,
    decided_record,
    questions,
    rules_on,
)
from salesmode.access.scope import SystemScope
from salesmode.database.unit import Step
from salesmode.queries.explain import ID, truths_of
from tests.regressions.conftest import Crm
from tests.support.small_api import SYSTEM

pytestmark = pytest.mark.anyio

FIELDS = ("name", "note", "wechat", "email", "grade", "code")


async def said(crm: Crm, person: str, id_: str, field: str | None) -> str:
    """The outcome, by the rules and one statement."""
    model, user = crm.api.tables.model, crm.api.people[person]
    rules = rules_on(model, user["roles"], model.objects["client"], field)
    asked = questions(rules)
    statement = truths_of(asked, "client", SystemScope(crm.api.tables))
    environment = replace(SYSTEM, user=user).with_variables({ID: id_})
    (row,) = await crm.api.database.fetch(Step(statement.sql, statement.bind(environment)))
    truths = dict(zip(asked, map(bool, row[1:]), strict=True))
    return (decided_field if field else decided_record)(rules, truths).outcome


async def answered(crm: Crm, person: str, id_: str, field: str | None) -> str:
    """The outcome, by what the API answers; a field that is not there reads as null."""
    text = f"query ($id: ID!) {{ client(id: $id) {{ id {field or ''} }} }}"
    answer = await crm.api.ask(person, text, id=id_)
    if "errors" in answer:
        return EMPTY
    if answer["data"]["client"] is None:
        return HIDDEN
    value = answer["data"]["client"][field or "id"]
    return EMPTY if value is None else MASKED if "•" in value else SEEN


@pytest.mark.parametrize("person", ["ann", "bob", "chief", "buyer", "root"])
async def test_they_agree(crm: Crm, person: str) -> None:
    await crm.api.person("chief", "boss")
    await crm.api.person("buyer", "buyer")
    for id_ in (crm.mine, crm.shared, crm.hidden):
        await crm.api.change("client", id_, wechat="wx-12345678")
        row = await answered(crm, person, id_, None)
        assert await said(crm, person, id_, None) == row
        for field in FIELDS if row == SEEN else ():
            assert await said(crm, person, id_, field) == await answered(crm, person, id_, field), field
