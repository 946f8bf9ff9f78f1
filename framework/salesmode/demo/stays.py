"""The stays in stages that led records to where they are: what the engine would have written meanwhile."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

from salesmode.demo.identity import uuid7
from salesmode.demo.world import Row
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS
from salesmode.model.object import Object
from salesmode.model.pipeline import (
    LOST,
    PIPELINE,
    STAGE,
    STAGE_CHANGE,
    STAGE_SINCE,
    STATUS,
    Pipeline,
)
from salesmode.pipelines.places import place, place_field, places, starts
from salesmode.pipelines.steps import direction


def stays(object_: Object, rows: Sequence[Mapping[str, object]], model: Model, seed: int) -> Iterator[Row]:
    """The stays of all rows of an object with pipelines, each row's from its creation to where it stands."""
    random = Random(f"{seed} {object_.name} {STAGE_CHANGE}")
    fields, zone = model.objects[STAGE_CHANGE].fields, ZoneInfo(model.app.timezone)
    for row in rows:
        for stay in _of_record(object_, row, model.pipelines[str(row[PIPELINE])], zone, random):
            yield {name: stay.get(name) for name in fields}


def _of_record(
    object_: Object, row: Mapping[str, object], pipeline: Pipeline, zone: ZoneInfo, random: Random
) -> Iterator[Row]:
    path = _path(pipeline, str(row[place_field(pipeline)]), random)
    entered = _moments(row, len(path), zone, random)
    for at, name in enumerate(path):
        source = path[at - 1] if at else None
        way = direction(pipeline, place(pipeline, source) if source else None, place(pipeline, name))
        yield {
            "id": uuid7(entered[at], random),
            "created_at": entered[at],
            "updated_at": (*entered, entered[-1])[at + 1],
            "created_by": row.get("created_by"),
            "version": 1 if at == len(path) - 1 else 2,
            object_.name: row["id"],
            PIPELINE: pipeline.name,
            STAGE: name if pipeline.staged else None,
            "from_stage": source if pipeline.staged else None,
            STATUS: place(pipeline, name).status,
            "direction": way,
            "entered_at": entered[at],
            "left_at": (*entered, None)[at + 1],
            "by": row.get("created_by"),
        }


def _path(pipeline: Pipeline, standing: str, random: Random) -> list[str]:
    """The places that the record came through. Which branches were open to it is not known here, so it came
    through none but the one that it is in; a lost one was lost somewhere on the way.
    """
    ways = [each for each in places(pipeline) if not each.closes]
    passed = [each.name for each in ways if each.when == ALWAYS or each.name == standing]
    first = starts(pipeline)[0]
    passed = passed[passed.index(first) :] if first in passed else [first]
    if standing in passed:
        return passed[: passed.index(standing) + 1]
    if place(pipeline, standing).closes == LOST:
        passed = passed[: random.randint(1, len(passed))]
    return [*passed, standing]


def _moments(row: Mapping[str, object], count: int, zone: ZoneInfo, random: Random) -> list[datetime]:
    """When each place was entered: the last when the record came there, the first with the creation."""
    begun, since = row["created_at"], row[STAGE_SINCE]
    assert isinstance(begun, datetime)
    assert isinstance(since, datetime)
    between = sorted(_worked(begun, since, zone, random) for _ in range(count - 2))
    return [begun, *between, since][-count:]


def _worked(begun: datetime, since: datetime, zone: ZoneInfo, random: Random) -> datetime:
    """A moment between the two, at an hour at which people work if there is one."""
    drawn = begun + (since - begun) * random.random()
    moved = drawn.astimezone(zone).replace(hour=random.randint(9, 17)).astimezone(UTC)
    return moved if begun <= moved <= since else drawn
