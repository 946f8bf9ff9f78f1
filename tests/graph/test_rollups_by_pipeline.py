"""What does not belong to a record's pipeline is null, for rollups too (RULING 36)."""

from tests.support.rows import fill, id_of
from tests.support.small_api import NOW, small_api

APP = """
kind: object
name: customer
fields:
  name: {type: text}
  deals_count: {type: rollup, over: opportunities, count: true}
  stored_count: {type: rollup, over: opportunities, count: true, stored: true}
  total: {type: rollup, over: opportunities, sum: amount}
---
kind: object
name: opportunity
plural: opportunities
fields:
  name: {type: text, unique: true}
  customer: {type: reference, to: customer, inverse: opportunities}
  amount: {type: money}
---
kind: pipeline
name: deal
object: opportunity
granularity: simple
customer: customer
fields: [name, customer, amount]
---
kind: pipeline
name: hint
object: opportunity
granularity: simple
fields: [name, amount]
"""
ASKED = "{ customers { nodes { dealsCount storedCount total opportunities { totalCount } } } }"


async def test_a_record_whose_pipeline_has_no_such_reference_counts_nowhere(database_url: str) -> None:
    """One that was written before its pipeline lost the reference keeps what was stored."""
    async with small_api(database_url, APP) as api:
        await api.person("root", "admin")
        customer = await api.new("customer", name="c")
        rows = [
            {"id": id_of(2, at), "name": name, "customer": customer, "amount": 5, "pipeline": name}
            | {"status": "open", "stage_since": NOW}
            for at, name in enumerate(("deal", "hint"))
        ]
        await api.database.run(lambda: fill(api.tables, {"opportunity": rows}))
        await api.change("opportunity", id_of(2, 0), customer=None)
        await api.change("opportunity", id_of(2, 0), customer=customer)
        (found,) = (await api.data("root", ASKED))["customers"]["nodes"]
    assert found == {
        "dealsCount": 1,
        "storedCount": 1,
        "total": "5.00",
        "opportunities": {"totalCount": 1},
    }
