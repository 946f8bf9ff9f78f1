"""Keys are kept up with the records: in the same transaction, and without rows for what did not change."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from salesmode.hookspecs import Desk, Record, UnitOf
from salesmode_duplicates.search import KEY, Keys, stored_keys


def keep_keys(desk: Desk, object_: str, records: Sequence[Record]) -> UnitOf[None]:
    """The stored keys of these records become those of their values; rows that are there are used again."""
    wanted = yield from stored_keys(desk, object_, records)
    stored = yield from _stored(desk, list(wanted))
    new, changed, gone = _difference(object_, wanted, stored)
    if new:
        yield from desk.create(KEY, new)
    if changed:
        yield from desk.update(KEY, changed)
    if gone:
        yield from desk.delete(KEY, gone)


def drop_keys(desk: Desk, ids: Sequence[str]) -> UnitOf[None]:
    """Records that went are not found any more."""
    stored = yield from _stored(desk, ids)
    gone = [row["id"] for rows in stored.values() for row in rows]
    if gone:
        yield from desk.delete(KEY, gone)


def _stored(desk: Desk, ids: Sequence[str]) -> UnitOf[dict[str, list[Record]]]:
    rows = yield from desk.read(KEY, ["record", "code"], where={"record": {"in": list(ids)}})
    found: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        found[row["record"]].append(row)
    return found


def _difference(
    object_: str, wanted: Keys, stored: dict[str, list[Record]]
) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]], list[str]]:
    """Rows to create, to change and to delete."""
    new: list[dict[str, Any]] = []
    changed: dict[str, dict[str, Any]] = {}
    gone: list[str] = []
    for id_, keys in wanted.items():
        rows = stored.get(id_, [])
        missing = sorted(keys - {row["code"] for row in rows})
        idle = [row["id"] for row in rows if row["code"] not in keys]
        used = min(len(missing), len(idle))
        changed.update((row, {"code": key}) for row, key in zip(idle, missing, strict=False))
        new += [{"object": object_, "record": id_, "code": key} for key in missing[used:]]
        gone += idle[used:]
    return new, changed, gone
