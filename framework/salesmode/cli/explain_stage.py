"""`salesmode explain stage OBJECT ID`: where a record may move, which gate blocks, and what would open it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from salesmode.access.scope import SystemScope
from salesmode.cli.explain_access import checked, known
from salesmode.cli.faults import Fault, usage
from salesmode.cli.project import environment_of, filled
from salesmode.diagnostics import did_you_mean
from salesmode.model.app import Model
from salesmode.pipelines.explain import StageExplanation
from salesmode.pipelines.telling import told_stages
from salesmode.queries.explain_stage import UnknownStage, stages_explained
from salesmode.tables import tables_of


@dataclass(frozen=True, slots=True)
class Move:
    """What is asked about. `to` None: every other stage."""

    object: str
    id: str
    to: str | None


def stage_lines(model: Model, asked: Move, url: str) -> Iterator[str]:
    """The explanation, line by line; a Fault where there is no such object, record or stage."""
    return told_stages(asyncio.run(_explained(model, asked, url)))


async def _explained(model: Model, asked: Move, url: str) -> StageExplanation:
    name, id_ = known(model, asked.object), checked(asked.id, asked.object)
    if not model.pipelines_of(name):
        raise usage(f"'{name}' has no pipelines")
    async with filled(url) as database:
        scope = SystemScope(tables_of(model, database.dialect))
        try:
            found = await stages_explained(
                database, scope, environment_of(model), object_name=name, id=id_, to=asked.to
            )
        except UnknownStage as error:
            hint = did_you_mean(error.name, error.known)
            raise usage(f"its pipeline has no stage '{error.name}'", hint=hint) from error
    if found is None:
        raise Fault(f"there is no living {name} {asked.id}")
    return found
