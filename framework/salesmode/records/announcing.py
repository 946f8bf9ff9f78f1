"""What is written is put into the outbox, in the same transaction, for those who want to hear of it.

Where nobody listens nothing is written and nothing is asked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

import orjson
from sqlalchemy import insert

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.fieldtypes import slot_of
from salesmode.model.condition import Argument
from salesmode.model.pipeline import STAGE, STATUS
from salesmode.model.tag import TAGS
from salesmode.model.webhook import Webhook
from salesmode.records.binding import many, one
from salesmode.records.checks import IDS
from salesmode.records.entries import Entry
from salesmode.records.filling import new_id
from salesmode.records.listening import listeners_of, told_of
from salesmode.tables import Tables
from salesmode.tables.engine import COLUMNS, OUTBOX, plain_field

Texts = Mapping[str, str | None]
"""JSON text by field name."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What became of one record by one write."""

    object: str
    record: str
    version: int
    operation: str
    old: Texts
    new: Texts


def announce(tables: Tables, entries: Sequence[Entry], environment: Environment) -> UnitOf[None]:
    """Put what the entries tell into the outbox, once for each listener."""
    listeners = listeners_of(tables)
    if not listeners:
        return
    happened = happenings(entries)
    rows: list[Mapping[str, object]] = []
    for listener in listeners:
        if listener.webhook is None:
            rows += [_row(listener.name, each, _payload(each), environment) for each in happened]
        else:
            told = yield from _told(tables, listener.webhook, happened, environment)
            rows += [_row(listener.name, each, text, environment) for each, text in told]
    if rows:
        yield many(_insertion(tables), rows, environment)


def happenings(entries: Iterable[Entry]) -> list[Happening]:
    """The entries by record and version, tags apart; as far as they tell of one write, in their order."""
    groups: dict[tuple[str, str, int], list[Entry]] = {}
    for each in entries:
        groups.setdefault((each.object, each.record_id, each.version), []).append(each)
    return [found for key, group in groups.items() for found in _of_version(*key, group)]


def _of_version(name: str, record: str, version: int, entries: Iterable[Entry]) -> Iterator[Happening]:
    for tag, group in groupby(entries, key=_tag):
        found = list(group)
        old = {each.field: each.old for each in found if each.field is not None}
        new = {each.field: each.new for each in found if each.field is not None}
        if tag is None:
            yield Happening(name, record, version, _operation(found), old, new)
        else:
            yield Happening(name, record, version, "untagged" if new[tag] is None else "tagged", old, new)


def _tag(entry: Entry) -> str | None:
    """The tag that the entry is about."""
    return entry.field if entry.field is not None and _is_tag(entry.field) else None


def _is_tag(name: str) -> bool:
    return name.startswith(f"{TAGS}.")


def _operation(entries: Sequence[Entry]) -> str:
    operation = entries[0].operation
    moved = operation == "updated" and any(each.field in (STAGE, STATUS) for each in entries)
    return "moved" if moved else operation


def _payload(happening: Happening, **more: str) -> str:
    texts = {"old": _object(happening.old), "new": _object(happening.new), **more}
    return _object(texts)


def _object(texts: Texts) -> str:
    return orjson.dumps({name: orjson.Fragment(text or "null") for name, text in texts.items()}).decode()


def _told(
    tables: Tables, webhook: Webhook, happened: Sequence[Happening], environment: Environment
) -> UnitOf[list[tuple[Happening, str]]]:
    """What the webhook tells, with the record as it is now: the event says how it was left by the write."""
    wanted = [each for each in happened if _concerns(webhook, each)]
    if not wanted:
        return []
    ids = tuple(dict.fromkeys(each.record for each in wanted))
    found = yield one(told_of(tables, webhook.name), {IDS: ids}, environment)
    records = {str(id_): str(text) for id_, text in found}
    told = ((each, *_listed(webhook, each)) for each in wanted if each.record in records)
    return [(each, _payload(listed, record=records[each.record], **tag)) for each, listed, tag in told]


def _concerns(webhook: Webhook, happening: Happening) -> bool:
    if happening.object != webhook.object or happening.operation not in webhook.operations:
        return False
    return happening.operation != "updated" or not webhook.watched.isdisjoint(happening.new)


def _listed(webhook: Webhook, happening: Happening) -> tuple[Happening, Mapping[str, str]]:
    """Nothing but the fields that the webhook lists; of a tag its name."""
    old, new = (
        {name: text for name, text in texts.items() if name in webhook.fields}
        for texts in (happening.old, happening.new)
    )
    tags = [each.removeprefix(f"{TAGS}.") for each in happening.new if _is_tag(each)]
    return replace(happening, old=old, new=new), {"tag": f'"{tags[0]}"'} if tags else {}


def _row(listener: str, happening: Happening, payload: str, environment: Environment) -> Mapping[str, object]:
    return {
        "id": new_id(),
        "listener": listener,
        "at": environment.now,
        "by_id": environment.user.get("id"),
        "object": happening.object,
        "record_id": happening.record,
        "version": happening.version,
        "operation": happening.operation,
        "payload": payload,
        "attempts": 0,
        "due_at": environment.now,
        "dead_at": None,
        "error": None,
    }


@lru_cache(maxsize=16)
def _insertion(tables: Tables) -> Statement:
    values = {
        name: slot_of(Argument((name,)), plain_field(kind), tables.dialect)
        for name, kind in COLUMNS[OUTBOX].items()
    }
    return render(insert(tables.outbox).values(values), tables.dialect)
