"""An app whose pipelines have no stages has a history of where its records stood all the same."""

from tests.support.small_api import small_api

APP = """
kind: object
name: deal
fields: {name: {type: text}}
---
kind: pipeline
name: renewal
object: deal
granularity: simple
---
kind: role
name: sales
objects: {deal: {read: true, create: true, update: true, fields: {default: write}}}
"""
ASKED = """
{ deals { nodes {
  stageHistory(where: {status: {ne: lost}}, orderBy: [{enteredAt: ASC}]) { nodes { status } }
} } }
"""


async def test_the_history_is_asked_for_by_status(database_url: str) -> None:
    async with small_api(database_url, APP) as api:
        await api.person("ann", "sales")
        await api.move("deal", await api.new("deal", name="x"), "won")
        (deal,) = (await api.data("ann", ASKED))["deals"]["nodes"]
        assert deal["stageHistory"]["nodes"] == [{"status": "open"}, {"status": "won"}]
        types = '{ __type(name: "StageChangeWhere") { inputFields { name } } }'
        names = {each["name"] for each in (await api.data("ann", types))["__type"]["inputFields"]}
        assert {"status", "direction"} < names
        assert names.isdisjoint({"stage", "fromStage"})
