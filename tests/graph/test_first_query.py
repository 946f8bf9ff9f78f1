"""A role's first request costs what it touches, however many objects the model has."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from salesmode.access.compose import policy_of
from salesmode.access.lazy import Touched
from salesmode.access.policy import Policy
from salesmode.compiler import compile_texts
from salesmode.database.connect import connect
from salesmode.database.environment import Environment
from salesmode.graph.endpoint import Caller, Endpoint, Query
from salesmode.model.app import Model
from salesmode.tables import tables_of
from tests.graph.api import NOW, UTC_ZONE

pytestmark = pytest.mark.anyio

SIZE = 300
GRANT = (
    "{read: {where: {owner: $user.id}}, create: true, update: true, delete: true, fields: {default: write}}"
)


@pytest.fixture(scope="module")
def wide() -> Model:
    """Owned objects in a tree of references, with roles that may write all of them, or read them only."""
    objects = {
        f"thing_{number}.yaml": f"kind: object\nname: thing_{number}\nowned: true\nfields:\n"
        f"  label: {{type: text}}\n"
        f"  above: {{type: reference, to: thing_{number // 2}, inverse: below_{number}}}\n"
        for number in range(SIZE)
    }
    granted = {
        name: "".join(f"  thing_{number}: {grant}\n" for number in range(SIZE))
        for name, grant in (("writer", GRANT), ("reader", "{read: true, fields: {default: read}}"))
    }
    roles = {f"{name}.yaml": f"kind: role\nname: {name}\nobjects:\n{text}" for name, text in granted.items()}
    return compile_texts({"app.yaml": "kind: app\nname: wide\nlocales: [en]\n", **objects, **roles}).model


async def asked(model: Model, folder: Path, policy: Policy, text: str) -> Any:
    """The answer on a database with the tables that the tests name."""
    database = await connect(f"sqlite:///{folder / 'wide.db'}")
    tables = tables_of(model, "sqlite")
    made = [*(tables.table(each) for each in ("user", "thing_100", "thing_50")), tables.change]
    try:
        await database.with_connection(lambda bind: tables.metadata.create_all(bind, tables=made))
        user = {"id": "00000000-0000-7000-8000-000000000001", "roles": tuple(policy.roles)}
        caller = Caller(policy, Environment({}, user, NOW, UTC_ZONE))
        return orjson.loads((await Endpoint(tables, database).answer(Query(text, {}), caller)).body)
    finally:
        await database.close()


def touched(policy: Policy) -> set[str]:
    assert isinstance(policy.objects, Touched)
    return set(policy.objects.made)


QUERY = """{
    thing100s(first: 5, where: {label: {eq: "a"}, above: {label: {ne: "b"}}}, orderBy: {label: ASC}) {
        nodes { id label owner { id } above { id below100 { totalCount } } } } }"""


@pytest.mark.parametrize("role", ["writer", "reader", "admin"])
async def test_a_first_query_composes_what_it_names(wide: Model, tmp_path: Path, role: str) -> None:
    policy = policy_of(wide, [role])
    assert await asked(wide, tmp_path, policy, QUERY) == {"data": {"thing100s": {"nodes": []}}}
    assert touched(policy) <= {"user", "thing_100", "thing_50"}


async def test_a_first_mutation_does_so_too(wide: Model, tmp_path: Path) -> None:
    policy = policy_of(wide, ["writer", "mutation"])
    text = 'mutation { createThing100(input: {label: "a"}) { id thing100 { label } } }'
    answer = await asked(wide, tmp_path, policy, text)
    assert "errors" not in answer, answer
    around = {"thing_50", "thing_100", "thing_200", "thing_201"}
    assert touched(policy) <= {"user", "grant", "thing_0", *around}


async def test_a_wrong_name_composes_nothing_for_its_suggestions(wide: Model, tmp_path: Path) -> None:
    policy = policy_of(wide, ["writer", "wrong"])
    answer = await asked(wide, tmp_path, policy, "{ thin100s { nodes { id } } }")
    assert "thing100s" in answer["errors"][0]["message"]
    assert len(touched(policy)) < 5
