"""Two thousand objects, each referring to the next: nothing from YAML to an answer recurses along them."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from salesmode.access.compose import policy_of
from salesmode.compiler import compile_texts
from salesmode.database.connect import connect
from salesmode.database.environment import Environment
from salesmode.graph.endpoint import Caller, Endpoint, Query
from salesmode.tables import tables_of
from salesmode.tables.migrations import apply

LENGTH = 2_000
ASKED = """{ links_0: link0s { nodes { name next { name } } }
  __type(name: "Link1998") { fields { name } } }"""


def chain() -> str:
    documents = ["kind: app\nname: chain\nlocales: [en]\n"]
    for number in range(LENGTH):
        following = f"  next: {{type: reference, to: link_{number + 1}, inverse: previous}}\n"
        fields = "  name: {type: text}\n" + (following if number + 1 < LENGTH else "")
        documents.append(f"kind: object\nname: link_{number}\nfields:\n{fields}")
    return "---\n".join(documents)


async def test_a_chain_of_two_thousand_objects_is_compiled_applied_and_asked(sqlite_url: str) -> None:
    model = compile_texts({"app.yaml": chain()}).model
    database = await connect(sqlite_url)
    try:
        assert not (await apply(database, model)).refusals
        endpoint = Endpoint(tables_of(model, "sqlite"), database)
        environment = Environment({}, {}, datetime.now(UTC), ZoneInfo("UTC"))
        answer = await endpoint.answer(Query(ASKED, {}), Caller(policy_of(model, ["admin"]), environment))
    finally:
        await database.close()
    data = json.loads(answer.body)["data"]
    assert data["links_0"] == {"nodes": []}
    assert {"name", "next", "previous"} <= {each["name"] for each in data["__type"]["fields"]}
