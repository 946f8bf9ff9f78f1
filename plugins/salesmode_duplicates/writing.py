"""What happens when records are written: duplicates are refused, keys are kept, likely pairs recorded."""

from collections.abc import Iterable, Mapping, Sequence
from string import Formatter
from typing import Any

from salesmode.hookspecs import Batch, Change, Desk, Fault, Record, UnitOf
from salesmode.model.label import Label
from salesmode.model.object import Object
from salesmode_duplicates.asked import compared_fields, rules_of
from salesmode_duplicates.keeping import drop_keys, keep_keys
from salesmode_duplicates.pairs import forget_pairs, record_pairs
from salesmode_duplicates.search import Match, matches
from salesmode_duplicates.sight import Sighted, best, sighted
from salesmode_duplicates.telling import owners_of, whom_to_ask

CODE = "duplicate"


def refuse_duplicates(batch: Batch) -> UnitOf[Sequence[Fault]]:
    """New records that are there already, where a rule blocks that; of two in one request the later."""
    rules = rules_of(batch.desk.model, batch.object.name)
    if batch.operation != "create" or not any(each.does("block") for each in rules):
        return ()
    records = written(batch)
    found = yield from matches(batch.desk, batch.object.name, records, alone=True, every=True)
    blocked = [each for each in _former(batch.changes, found) if _blocks(each)]
    shown = best((yield from sighted(batch.desk, batch.object.name, blocked, records)))
    first = {each.match.record: each for each in reversed(shown)}
    return (yield from _faults(batch.desk, batch.object, list(first.values())))


def _blocks(match: Match) -> bool:
    return match.likely and match.rule.on_create(match.certain) == "block"


def follow(batch: Batch) -> UnitOf[None]:
    """Keys and pairs follow what was written."""
    desk, name = batch.desk, batch.object.name
    if not rules_of(desk.model, name):
        return
    if batch.operation == "delete":
        ids = [each.id for each in batch.changes]
        yield from drop_keys(desk, ids)
        yield from forget_pairs(desk, ids, ())
        return
    records = written(batch)
    if records:
        yield from keep_keys(desk, name, records)
        yield from follow_pairs(desk, name, records, new=batch.operation == "create")


def follow_pairs(desk: Desk, object_: str, records: Sequence[Record], *, new: bool) -> UnitOf[None]:
    """Likely pairs of records whose keys are stored; new ones may be linked to what was there."""
    found = yield from matches(desk, object_, records)
    wanted = [each for each in found if not new or each.rule.on_create(each.certain) is not None]
    links = _links(wanted) if new else {}
    ends = frozenset(_pair(each) for each in links.values())
    yield from record_pairs(desk, object_, wanted, linked=ends)
    if not new:
        yield from forget_pairs(desk, [each["id"] for each in records], found)
    values = {id_: {each.rule.link: each.other} for id_, each in links.items() if each.rule.link}
    if values:
        yield from desk.update(object_, values)


def written(batch: Batch) -> list[dict[str, Any]]:
    """The rows as they are now, with the fields that are compared: those of which one has changed."""
    names = compared_fields(batch.desk.model, batch.object.name)
    every = batch.operation in ("create", "restore")
    return [
        {"id": each.id, **{name: each.new.get(name) for name in names}}
        for each in batch.changes
        if every or any(each.changed(name) for name in names)
    ]


def _links(found: Iterable[Match]) -> dict[str, Match]:
    """For each new record the best of the earlier ones, where it is to be linked."""
    links: dict[str, Match] = {}
    for each in found:
        if each.other < each.record and each.rule.on_create(each.certain) == "link":
            links.setdefault(each.record, each)
    return links


def _pair(match: Match) -> tuple[str, str]:
    return (match.other, match.record) if match.other < match.record else (match.record, match.other)


def _former(changes: Sequence[Change], found: Iterable[Match]) -> list[Match]:
    """Without the matches of a record with one that comes later in the same request."""
    place = {each.id: at for at, each in enumerate(changes)}
    return [each for each in found if place.get(each.other, -1) < place[each.record]]


def _faults(desk: Desk, object_: Object, found: Sequence[Sighted]) -> UnitOf[list[Fault]]:
    if not found:
        return []
    ids = sorted({each.match.other for each in found})
    named = [name for _, name, _, _ in Formatter().parse(object_.title) if name]
    rows = yield from desk.as_caller().read(object_.name, named, ids=ids)
    titles = {each["id"]: _titled(object_, named, each) for each in rows}
    owners = yield from owners_of(desk, object_.name, [each.match for each in found if each.seen is None])
    return [
        Fault(
            each.match.record,
            CODE,
            _hidden(each.match, owners) if each.seen is None else _there(titles[each.match.other]),
        )
        for each in found
    ]


def _titled(object_: Object, named: Sequence[str], row: Record) -> str:
    values = {name: "" if row[name] is None else str(row[name]) for name in named}
    return object_.title.format_map(values).strip()


def _there(title: str) -> Label:
    return Label({"en": f"This exists already: {title}.", "zh": f"该记录已存在：{title}。"})


def _hidden(match: Match, owners: Mapping[str, str]) -> Label:
    ask = {locale: whom_to_ask(match, owners, locale) for locale in ("en", "zh")}
    return Label(
        {
            "en": f"This exists already, where you cannot see it; ask {ask['en']}.",
            "zh": f"该记录已存在，但您无权查看；请联系{ask['zh']}。",
        }
    )
