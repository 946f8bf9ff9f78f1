"""Rights and tags of merged records, which the survivor gets: those that it does not have itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from salesmode.hookspecs import Desk, Record, UnitOf
from salesmode.model.condition import Compare, Literal
from salesmode.model.grant import CREDIT, GRANT, GRANTS
from salesmode.model.tag import PROMOTED, TAG, TAGS

_GRANT = ["user", "team", "right", "share", "until"]


def take_over(
    desk: Desk, object_: str, merged: Sequence[str], survivor: str
) -> UnitOf[Mapping[str, list[Any]]]:
    """Gives what was added: `grants` and `tags`. Shares of credit are taken only where the survivor has none:
    otherwise a ruling divides them.
    """
    inverses = desk.model.objects[object_].inverses
    grants = (yield from _grants(desk, object_, merged, survivor)) if GRANTS in inverses else []
    tags = (yield from _tags(desk, object_, merged, survivor)) if TAGS in inverses else []
    return {"grants": grants, "tags": tags}


def give_back(desk: Desk, object_: str, survivor: str, added: Mapping[str, Any]) -> UnitOf[None]:
    """What was added is taken away, as far as it is still there."""
    if added["grants"]:
        own = yield from _rows(desk, GRANT, _GRANT, object_, [survivor])
        there = {_key(each) for each in own}
        for each in added["grants"]:
            if _key(each) in there:
                yield from desk.revoke(object_, survivor, each["right"], user=each["user"], team=each["team"])
    if added["tags"]:
        rows = yield from _rows(desk, TAG, ["name"], object_, [survivor])
        for name in set(added["tags"]) & {each["name"] for each in rows}:
            yield from desk.untag(object_, survivor, name)


def _grants(desk: Desk, object_: str, merged: Sequence[str], survivor: str) -> UnitOf[list[Any]]:
    own = yield from _rows(desk, GRANT, _GRANT, object_, [survivor])
    there = {_key(each) for each in own}
    with_credit = any(each["right"] == CREDIT for each in own)
    added: list[Any] = []
    for row in (yield from _rows(desk, GRANT, _GRANT, object_, merged)):
        if _key(row) in there or (row["right"] == CREDIT and with_credit):
            continue
        there.add(_key(row))
        given = {name: row[name] for name in _GRANT if name != "right"}
        yield from desk.grant(object_, survivor, row["right"], **given)
        added.append({name: row[name] for name in ("right", "user", "team")})
    return added


def _tags(desk: Desk, object_: str, merged: Sequence[str], survivor: str) -> UnitOf[list[Any]]:
    own = yield from _rows(desk, TAG, ["name"], object_, [survivor])
    there = {each["name"] for each in own}
    kept_by_rule = {each.name for each in desk.model.tags_of(object_) if each.auto is not None}
    added: list[Any] = []
    for row in (yield from _rows(desk, TAG, ["name", "state", "values"], object_, merged)):
        if row["name"] in there | kept_by_rule or row["state"] == PROMOTED:
            continue
        there.add(row["name"])
        yield from desk.tag(object_, survivor, row["name"], row["values"], state=row["state"])
        added.append(row["name"])
    return added


def _rows(
    desk: Desk, name: str, fields: Sequence[str], object_: str, ids: Sequence[str]
) -> UnitOf[list[Record]]:
    return (yield from desk.read(name, fields, where=Compare(object_, "in", Literal(tuple(ids)))))


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["right"], row["user"], row["team"]
