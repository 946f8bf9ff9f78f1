"""The answer to `explainStage`: where a record may move, what is in its way, and where that is said.

It says the same as `salesmode explain stage`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from salesmode.access.scope import SystemScope
from salesmode.conditions.spell import spelled
from salesmode.database.driver import Database
from salesmode.database.environment import Environment, getter
from salesmode.diagnostics import Message, Refusal
from salesmode.fieldtypes import Invalid
from salesmode.fieldtypes.identifier import checked_id
from salesmode.graph.files import Files, files_of
from salesmode.graph.picked import picked
from salesmode.graph.plans import Explain
from salesmode.model.names import camel
from salesmode.pipelines.explain import Ahead, Obstacle, StageExplanation
from salesmode.pipelines.telling import told_stages
from salesmode.queries.explain_stage import UnknownStage, stages_explained

Value = Mapping[str, Any]


async def stage_explanation(
    part: Explain, environment: Environment, scope: SystemScope, database: Database
) -> bytes:
    """The JSON text of the field. NOT_FOUND where there is no such record, BAD_REQUEST where the object has
    no pipelines or the record's pipeline has no such stage.
    """
    given = {name: getter(leaf)(environment) for name, leaf in part.arguments.items()}
    name, to = str(given["object"]), given.get("to")
    if not scope.model.pipelines_of(name):
        raise Refusal("BAD_REQUEST", Message("unknown_name", {"name": name}))
    try:
        found = await stages_explained(
            database,
            scope,
            environment,
            object_name=name,
            id=_id(given["id"]),
            to=None if to is None else str(to),
        )
    except UnknownStage as error:
        raise Refusal("BAD_REQUEST", Message("unknown_name", {"name": error.name})) from error
    if found is None:
        raise Refusal("NOT_FOUND")
    return orjson.dumps(picked(_Told(found, files_of(scope.model), environment.locale).whole(), part.picks))


def _id(value: object) -> str:
    try:
        return checked_id(value)
    except Invalid:
        raise Refusal("NOT_FOUND") from None


@dataclass(frozen=True)
class _Told:
    """The explanation as values."""

    found: StageExplanation
    files: Files
    locale: str

    def whole(self) -> Value:
        found = self.found
        return {
            "__typename": "StageExplanation",
            "pipeline": found.pipeline.name,
            "stage": found.here.name,
            "stages": [self._ahead(each) for each in found.ahead],
            "text": list(told_stages(found, self.files.place, self.locale)),
        }

    def _ahead(self, ahead: Ahead) -> Value:
        return {
            "__typename": "StageAhead",
            "name": ahead.target.name,
            "label": ahead.target.label.text(self.locale),
            "allowed": not ahead.obstacles,
            "roles": None if ahead.roles is None else list(ahead.roles),
            "obstacles": [self._obstacle(each) for each in ahead.obstacles],
        }

    def _obstacle(self, obstacle: Obstacle) -> Value:
        barrier = obstacle.barrier
        return {
            "__typename": "StageObstacle",
            "code": barrier.code,
            "message": barrier.message.text(self.locale),
            "name": barrier.name,
            "field": None if barrier.field is None else camel(barrier.field),
            **self.files.where(barrier.span),
            "missing": [spelled(each) for each in obstacle.missing or ()],
        }
