"""`transferOwnership`: what somebody owns, of whichever objects, goes to somebody else or to nobody (D8)."""

from collections.abc import Iterable, Mapping, Sequence

import orjson

from salesmode.access.policy import FieldPolicy, ObjectPolicy
from salesmode.graph.blueprint import list_of, plain, required, required_list_of
from salesmode.graph.picked import picked
from salesmode.queries.pick import Pick

TRANSFER = "transferOwnership"
TRANSFER_ARGUMENTS: Mapping[str, str] = {
    "from": required("ID"),
    "to": "ID",
    "objects": list_of("ObjectName"),
}

_MEMBERS: Mapping[str, Mapping[str, str]] = {
    "TransferPayload": {"count": required("Int"), "objects": required_list_of("Transferred")},
    "Transferred": {
        "object": required("ObjectName"),
        "count": required("Int"),
        "ids": required_list_of("ID"),
    },
}


def can_transfer(granted: ObjectPolicy) -> bool:
    """Whether the policy may hand over some rows of the object."""
    owner = granted.fields.get("owner")
    comparable = isinstance(owner, FieldPolicy) and owner.comparable
    return granted.object.owned and comparable and bool(granted.transfer)


def transferred(ids: Mapping[str, Sequence[str]], picks: Iterable[Pick]) -> bytes:
    """The payload: what was handed over, object by object."""
    objects = [
        {"__typename": "Transferred", "object": name, "count": len(found), "ids": list(found)}
        for name, found in ids.items()
    ]
    whole = {"__typename": "TransferPayload", "count": sum(map(len, ids.values())), "objects": objects}
    return orjson.dumps(picked(whole, picks))


PAYLOAD = {name: plain(name, members) for name, members in _MEMBERS.items()}
