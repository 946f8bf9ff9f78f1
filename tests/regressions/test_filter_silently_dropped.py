"""A filter that cannot be applied refuses the request; it never becomes no filter."""

import pytest

from tests.regressions.conftest import Crm

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "where",
    [
        '{email: {eq: "x"}}',
        '{unknown: {eq: "x"}}',
        '{wechat: {contains: "1"}}',
        '{and: [{name: {eq: "Mine"}}, {code: {eq: "x"}}]}',
        '{not: {tax: {eq: "x"}}}',
        '{deals: {some: {cost: {gt: "1"}}}}',
        '{memos: {none: {text: {eq: "x"}}}}',
        "{name: null}",
        "{name: {eq: null}}",
        '{name: {like: "x"}}',
    ],
)
async def test_it_is_refused_wherever_it_stands(crm: Crm, where: str) -> None:
    for text in (
        f"{{ clients(where: {where}) {{ totalCount }} }}",
        f"{{ clientAggregate(where: {where}) {{ count }} }}",
        f"{{ users {{ nodes {{ id }} }} clients(where: {where}) {{ nodes {{ id }} }} }}",
    ):
        assert (await crm.api.refused("ann", text))[0] == "BAD_REQUEST"


async def test_a_bulk_update_with_one_writes_nothing(crm: Crm) -> None:
    for where in ('{email: {eq: "x"}}', "{name: null}", "null"):
        text = f'mutation {{ updateClients(where: {where}, input: {{note: "lost"}}) {{ count }} }}'
        assert (await crm.api.refused("ann", text))[0] == "BAD_REQUEST"
    notes = await crm.api.data("root", "{ clients(orderBy: [{name: ASC}]) { nodes { note } } }")
    assert [each["note"] for each in notes["clients"]["nodes"]] == ["kkk", "mmm", "aaa"]


async def test_it_is_refused_as_a_variable_too(crm: Crm) -> None:
    text = "query ($w: ClientWhere) { clients(where: $w) { totalCount } }"
    for where in ({"email": {"eq": "x"}}, {"name": None}, {"deals": {"some": {"cost": {"gt": "1"}}}}):
        assert (await crm.api.refused("ann", text, w=where))[0] == "BAD_REQUEST"


async def test_an_alternative_of_nothing_is_nothing(crm: Crm) -> None:
    for where in ("{or: []}", "{name: {in: []}}", "{not: {and: []}}"):
        found = await crm.api.data("ann", f"{{ clients(where: {where}) {{ totalCount }} }}")
        assert found == {"clients": {"totalCount": 0}}
