"""A conflict says that there is one, never with what, and names a field only if it is readable."""

import pytest

from tests.regressions.conftest import Crm

pytestmark = pytest.mark.anyio


CREATE = "mutation ($in: ClientCreate!) { createClient(input: $in) { id } }"


async def test_a_conflict_with_a_hidden_record_tells_of_the_readable_field_alone(crm: Crm) -> None:
    error = await crm.api.error("ann", CREATE, **{"in": {"name": "Hidden"}})
    assert error["extensions"]["code"] == "CONFLICT"
    (problem,) = error["extensions"]["problems"]
    assert (problem["path"], problem["code"]) == (["input", "name"], "not_unique")
    for secret in (crm.hidden, "uq_", "clients", "kkk", "SELECT", "INSERT"):
        assert secret not in str(error)


async def test_a_field_that_may_not_be_read_is_not_named(crm: Crm) -> None:
    error = await crm.api.error("ann", CREATE, **{"in": {"name": "New", "tax": "T1"}})
    (problem,) = error["extensions"]["problems"]
    assert (problem["path"], problem["code"]) == (["input"], "not_unique")
    assert "tax" not in str(error)
    assert "T1" not in str(error)
