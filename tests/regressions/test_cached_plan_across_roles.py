"""A plan that is kept is kept for a set of roles; who asks is a value of each request."""

import pytest

from tests.regressions.conftest import Crm

pytestmark = pytest.mark.anyio


TEXT = (
    "query ($n: Int) { clients(orderBy: [{name: ASC}], first: $n) { totalCount nodes { name note wechat } } }"
)


async def test_the_same_text_answers_each_role_by_its_own_rights(crm: Crm) -> None:
    await crm.api.person("buyer", "buyer")
    for _ in range(2):
        root = (await crm.api.data("root", TEXT, n=9))["clients"]
        ann = (await crm.api.data("ann", TEXT, n=9))["clients"]
        assert [each["note"] for each in root["nodes"]] == ["kkk", "mmm", "aaa"]
        assert [each["note"] for each in ann["nodes"]] == ["mmm", None]
        errors = (await crm.api.ask("buyer", TEXT, n=9))["errors"]
        assert {each["extensions"]["code"] for each in errors} == {"BAD_REQUEST"}


async def test_the_same_roles_of_another_user_see_other_rows(crm: Crm) -> None:
    for _ in range(2):
        seen = {
            person: [each["name"] for each in (await crm.api.data(person, TEXT, n=9))["clients"]["nodes"]]
            for person in ("ann", "bob")
        }
        assert seen == {"ann": ["Mine", "Shared"], "bob": ["Hidden", "Shared"]}


async def test_a_mutation_that_is_kept_is_checked_for_each_caller(crm: Crm) -> None:
    text = 'mutation ($id: ID!) { updateClient(id: $id, input: {note: "x"}) { client { note } } }'
    assert (await crm.api.data("bob", text, id=crm.hidden))["updateClient"]["client"] == {"note": "x"}
    assert (await crm.api.refused("ann", text, id=crm.hidden))[0] == "NOT_FOUND"
