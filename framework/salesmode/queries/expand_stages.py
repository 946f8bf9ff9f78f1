"""The names of a record's `stage` and `nextStages`."""

from salesmode.model.field import Field
from salesmode.queries import nodes
from salesmode.queries.names import unknown
from salesmode.queries.pick import Pick

_STAGE = ("name", "label", "probability", "forecast")
_NEXT = ("name", "label", "allowed")
_BLOCKER = ("path", "code", "message", "name")


def stage_of(pick: Pick, field: Field) -> nodes.StageOf:
    """The plan of a stage as an object."""
    return nodes.StageOf(pick.key, field.name, tuple(_stage_item(each) for each in pick.picks))


def next_stages_of(pick: Pick) -> nodes.NextStages:
    """The plan of the stages that a record may move to."""
    return nodes.NextStages(pick.key, tuple(_next_item(each) for each in pick.picks))


def _stage_item(pick: Pick) -> nodes.TypeName | nodes.StageFact:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, "Stage")
        case name if name in _STAGE:
            return nodes.StageFact(pick.key, name)
        case name:
            raise unknown(name)


def _next_item(pick: Pick) -> nodes.TypeName | nodes.NextFact | nodes.Blockers:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, "NextStage")
        case "blockedBy":
            return nodes.Blockers(pick.key, tuple(_blocker_item(each) for each in pick.picks))
        case name if name in _NEXT:
            return nodes.NextFact(pick.key, name)
        case name:
            raise unknown(name)


def _blocker_item(pick: Pick) -> nodes.TypeName | nodes.BlockerFact:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, "Blocker")
        case name if name in _BLOCKER:
            return nodes.BlockerFact(pick.key, name)
        case name:
            raise unknown(name)
