"""The names of `attainment`, whose target is one that the caller could measure themselves."""

from collections.abc import Callable, Iterable

from salesmode.access.asked import holders_asked, target_asked
from salesmode.access.scope import PolicyScope
from salesmode.model.condition import Literal
from salesmode.model.target import HOLDERS
from salesmode.queries import nodes
from salesmode.queries.names import unknown
from salesmode.queries.page import DEFAULT_SIZE, checked, size_of
from salesmode.queries.pick import Pick

ATTAINMENT = "attainment"

_FACTS = ("startsOn", "quota", "actual", "attainment", "gap")
_NOTHING = Literal(None)

Record = Callable[[str, Iterable[Pick]], nodes.Record]


def attainment_of(pick: Pick, scope: PolicyScope, record: Record) -> nodes.Attainment:
    """The plan of it; Refusal BAD_REQUEST for a target that is not offered. `record` expands what is selected
    of a record of the object of that name.
    """
    name = str(pick.args["target"].value)
    target = scope.model.targets.get(name)
    if target is None or not target_asked(target, scope.policy, scope.model):
        raise unknown(name)
    by = pick.args.get("by", _NOTHING)
    holder = HOLDERS[0] if by == _NOTHING else str(by.value).lower()
    if holder not in holders_asked(scope.policy):
        raise unknown(holder.upper())
    size = pick.args.get("first", _NOTHING)
    return nodes.Attainment(
        target,
        holder,
        tuple(_item(each, holder, record) for each in pick.picks),
        since=pick.args["from"],
        until=pick.args["to"],
        size=Literal(DEFAULT_SIZE) if size == _NOTHING else checked(size, size_of),
    )


def _item(pick: Pick, holder: str, record: Record) -> nodes.AttainmentItem:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, "Attainment")
        case name if name in HOLDERS:
            return nodes.HitRecord(pick.key, (record(name, pick.picks),) if name == holder else ())
        case name if name in _FACTS:
            return nodes.AttainmentFact(pick.key, name)
        case name:
            raise unknown(name)
