"""Merges change the facts: rulings on the records that took part are made anew, as new lines."""

from collections.abc import Mapping, Sequence
from typing import Any

from salesmode.hookspecs import Desk, Record, UnitOf
from salesmode_duplicates.asked import ruling_rules
from salesmode_duplicates.rulings import (
    RULING,
    in_force,
    judge,
    put_in_force,
    set_aside,
    written_shares,
)


def rule_after_merge(
    desk: Desk, object_: str, survivor: str, merged: Sequence[str]
) -> UnitOf[list[Mapping[str, Any]]]:
    """One ruling for what were several records, on the facts of all of them up to the latest of the moments
    at which they were looked at. Gives the rulings that were in force before.
    """
    former = yield from in_force(desk, object_, [survivor, *merged])
    rule = ruling_rules(desk.model).get(object_)
    if former and rule is not None:
        until = max(each["facts_until"] for each in former)
        judgement = yield from judge(desk, rule, survivor, until)
        if judgement.ruling is not None and not _says(former, survivor, judgement.ruling.shares):
            yield from put_in_force(desk, judgement, survivor, former, occasion="merge")
        else:
            yield from set_aside(desk, [each for each in former if each["record"] != survivor])
    return [{"id": each["id"], "record": each["record"]} for each in former]


def rule_after_undoing(desk: Desk, object_: str, former: Sequence[Mapping[str, Any]]) -> UnitOf[None]:
    """Each record that had a ruling before the merge gets one again, on its own facts."""
    rule = ruling_rules(desk.model).get(object_)
    ids = [each["id"] for each in former]
    rows = {each["id"]: each for each in (yield from desk.read(RULING, _FIELDS, ids=ids))}
    for record in dict.fromkeys(each["record"] for each in former):
        before = next(
            (rows[each["id"]] for each in former if each["record"] == record and each["id"] in rows), None
        )
        if before is None or rule is None:
            continue
        now = yield from in_force(desk, object_, [record])
        judgement = yield from judge(desk, rule, record, before["facts_until"])
        if judgement.ruling is not None and not _says(now, record, judgement.ruling.shares):
            yield from put_in_force(desk, judgement, record, now, occasion="undone_merge")


def _says(former: Sequence[Record], record: str, shares: Mapping[str, Any]) -> bool:
    """Whether the one ruling in force says the same of the same record."""
    return (
        len(former) == 1 and former[0]["record"] == record and former[0]["shares"] == written_shares(shares)
    )


_FIELDS = ["record", "rule", "facts_until"]
