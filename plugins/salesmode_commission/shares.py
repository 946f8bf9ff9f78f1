"""Who shares what a record earns: by the ruling on it, or by the credit granted on it (D26, D27, D72)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from salesmode.hookspecs import Desk, Record, UnitOf
from salesmode_commission.asked import LINE
from salesmode_commission.plans import RecordRule
from salesmode_commission.runs import CLOSED

RULING = "ownership_ruling"
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Split:
    """Shares by user, together 1; `why` in a sentence, and the ruling that made them."""

    shares: Mapping[str, Decimal]
    why: str
    ruling: str | None = None


def splits_of(desk: Desk, plan: str, rule: RecordRule, records: Sequence[Record]) -> UnitOf[dict[str, Split]]:
    """For each record (with the fields of the rule's paths): the first of the places to split by that says
    something; what it leaves over, and everything else, is whose `to` says. What one person alone earned in
    a run that is closed stays theirs, whoever has the record by now. A record that is nobody's has none.
    """
    places = [(each, _object_at(desk, rule, each)) for each in rule.split]
    said: dict[tuple[str, str], Split] = {}
    for path, object_ in places:
        ids = sorted({str(each[path or "id"]) for each in records if each[path or "id"]})
        for id_, split in (yield from _said(desk, object_, ids)).items():
            said[object_, id_] = split
    kept = yield from _kept(desk, plan, rule, [str(each["id"]) for each in records])
    found = {each["id"]: _split(rule, places, each, said, kept.get(str(each["id"]))) for each in records}
    return {id_: split for id_, split in found.items() if split is not None}


def _object_at(desk: Desk, rule: RecordRule, path: str) -> str:
    name = rule.object
    for step in path.split(".") if path else ():
        name = str(desk.model.objects[name].fields[step].to)
    return name


def _said(desk: Desk, object_: str, ids: Sequence[str]) -> UnitOf[dict[str, Split]]:
    """A ruling goes before grants."""
    if not ids:
        return {}
    granted = yield from _granted(desk, object_, ids)
    ruled = yield from _ruled(desk, object_, ids)
    return granted | ruled


def _granted(desk: Desk, object_: str, ids: Sequence[str]) -> UnitOf[dict[str, Split]]:
    grant = desk.model.objects.get("grant")
    if grant is None or object_ not in grant.fields:
        return {}
    where = {object_: {"in": list(ids)}, "right": "credit", "user": {"isNull": False}}
    rows = yield from desk.read("grant", [object_, "user", "share"], where=where)
    shares: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        if row["share"]:
            of_record = shares.setdefault(str(row[object_]), {})
            of_record[row["user"]] = of_record.get(row["user"], Decimal(0)) + Decimal(row["share"]) / _HUNDRED
    return {id_: Split(each, "credit as granted on the record") for id_, each in shares.items()}


def _ruled(desk: Desk, object_: str, ids: Sequence[str]) -> UnitOf[dict[str, Split]]:
    if RULING not in desk.model.objects:
        return {}
    where = {"object": object_, "record": {"in": list(ids)}, "current": True}
    rows = yield from desk.read(RULING, ["record", "rule", "shares"], where=where, order=["at"])
    return {
        str(row["record"]): Split(
            {user: Decimal(str(share)) for user, share in row["shares"].items()},
            f"ruling by {row['rule']}",
            str(row["id"]),
        )
        for row in rows
    }


def _kept(desk: Desk, plan: str, rule: RecordRule, ids: Sequence[str]) -> UnitOf[dict[str, str]]:
    """Who alone earned the records in runs that are closed."""
    where = {
        "plan": plan,
        "rule": rule.name,
        "object": rule.object,
        "record": {"in": list(ids)},
        "occasion": {"ne": "by_hand"},
        "run": {"stage": {"in": list(CLOSED)}},
    }
    sums = yield from desk.sum(LINE, "amount", where=where, by=["record", "user"])
    users: dict[str, list[str]] = {}
    for (record, user), amount in sums.items():
        if amount:
            users.setdefault(str(record), []).append(str(user))
    return {record: found[0] for record, found in users.items() if len(found) == 1}


def _split(
    rule: RecordRule,
    places: Sequence[tuple[str, str]],
    record: Record,
    said: Mapping[tuple[str, str], Split],
    kept: str | None,
) -> Split | None:
    owner = kept or record[rule.to]
    for path, object_ in places:
        split = said.get((object_, str(record[path or "id"])))
        if split is not None:
            return _whole(split, owner)
    if owner is None:
        return None
    why = f"all of it to {rule.to}" if kept is None else "all of it to who earned it before"
    return Split({str(owner): Decimal(1)}, why)


def _whole(split: Split, owner: object) -> Split:
    """What is left over goes to whose it is; where that is nobody, those who share divide it alike."""
    total = sum(split.shares.values(), Decimal(0))
    if total == 1:
        return split
    if owner is None or total > 1:
        return Split({user: share / total for user, share in split.shares.items()}, split.why, split.ruling)
    shares = dict(split.shares)
    shares[str(owner)] = shares.get(str(owner), Decimal(0)) + 1 - total
    return Split(shares, split.why, split.ruling)
