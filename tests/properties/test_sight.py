"""What comes out is exactly what the roles grant, cell by cell, by a second reading of them in Python."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings

from salesmode.access.policy import FieldPolicy, ObjectPolicy
from salesmode.model.field import Field
from tests.properties.bench import Bench
from tests.properties.little_world import LittleWorld, Row, little_worlds
from tests.properties.questions import everything
from tests.properties.rights import Rights, rights
from tests.properties.sight import Sight

SETTINGS = settings(max_examples=30, suppress_health_check=list(HealthCheck))


@SETTINGS
@given(held=rights(), world=little_worlds())
def test_every_cell_is_as_granted(sqlite_pair: Sequence[Bench], held: Rights, world: LittleWorld) -> None:
    _every_cell_is_as_granted(sqlite_pair[0], held, world)


@settings(SETTINGS, max_examples=8)
@given(held=rights(), world=little_worlds())
def test_every_cell_is_as_granted_on_postgresql(
    postgresql_pair: Sequence[Bench], held: Rights, world: LittleWorld
) -> None:
    _every_cell_is_as_granted(postgresql_pair[0], held, world)


def _every_cell_is_as_granted(bench: Bench, held: Rights, world: LittleWorld) -> None:
    bench.load(world)
    sight = Sight(held.roles, world)
    for granted in held.policy.roots:
        question = everything(granted)
        (nodes,) = question.picks
        members = {pick.key: granted.members[pick.name] for pick in nodes.picks}
        answer = bench.answer(bench.statement(question, held.policy), world.user)
        expected = [_row(granted, row, members, sight) for row in sight.rows(granted.object.name)]
        assert json.loads(str(answer))["nodes"] == expected


def _row(granted: ObjectPolicy, row: Row, members: Mapping[str, Any], sight: Sight) -> dict[str, Any]:
    cells = {}
    for key, member in members.items():
        assert isinstance(member, FieldPolicy)
        cells[key] = _json(member.field, sight.cell(granted.object.name, row, member.field.name))
    return cells


def _json(described: Field, cell: Any) -> Any:
    """Masks of other types than text show nothing here; a list of records is never null (RULING 21)."""
    hidden = cell is None or (cell[0] == "masked" and described.type != "text")
    match None if hidden else cell[1]:
        case None:
            return [] if described.type == "multi_reference" else None
        case Decimal() | date() as value:
            return str(value)
        case tuple() as ids:
            return [{"id": each} for each in ids]
        case value:
            return {"id": value} if described.to else value
