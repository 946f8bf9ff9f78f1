"""Probers of files, of what is pushed, and of values asked for in clear."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import orjson

from salesmode.fieldtypes import field_type
from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.proving.probe import Probe
from salesmode.proving.reading import Probes, empty, record
from salesmode.proving.site import Site, leaf
from salesmode.proving.values import shown
from salesmode.proving.world import Row


def export(site: Site, field: Field, channel: str) -> Probes:
    """As a column, and as what selects the rows."""
    if not site.granted.reads(site.name):
        return
    exports = site.granted.exports(site.name)
    code = None if exports else "FORBIDDEN"
    columns = orjson.dumps({"columns": ["id", field.name]}).decode()
    check = partial(_rows, site, field)
    more: dict[str, Any] = {"kind": "export", "code": code, "check": check}
    yield _probe(site, field, channel, columns, granted=site.seen(field), **more)
    if exports:
        where = {camel(field.name): {empty(field): True}}
        selected = orjson.dumps({"columns": ["id"], "where": where}).decode()
        yield _probe(site, field, channel, selected, kind="export", granted=site.compared(field))


def import_(site: Site, field: Field, channel: str) -> Probes:
    """A row of a file that changes a record: one that may be changed, one that may not, a hidden one.

    What the engine writes itself is passed over where the role knows of it.
    """
    written = site.writes("create", field)
    passed = (field.computed is not None or field.kept) and not written and site.seen(field)
    for row in (*site.visible[:2], *site.hidden[:1]):
        value = next(iter(site.values(field)), None)
        text = orjson.dumps({"id": row["id"], field.name: _cell(field, value)}).decode()
        yield _probe(site, field, channel, text, kind="import", granted=None if passed else written)


def _cell(field: Field, value: Any) -> Any:
    return value if field.to else shown(field, value)


def subscription(site: Site, field: Field, channel: str) -> Probes:
    """Told of a visible row with a hidden cell, and of a hidden row; and asked only of some rows.

    Where a right depends on the field, what was there before the change may have been seen: nothing is said
    of such changes here.
    """
    if not site.granted.reads(site.name) or field.name in site.granted.decisive(site.name):
        return
    for row in site.telling(field):
        told = f"operation id changedFields record {{ id {leaf(field)} }}"
        text = f"{site.one}Changed {{ {told} }}"
        check = partial(_told, site, field, row)
        known = {"kind": "subscription", "id": row["id"]}
        yield _probe(site, field, channel, text, granted=site.seen(field), check=check, **known)
        where = f"where: {{{camel(field.name)}: {{{empty(field)}: false}}}}"
        text = f"{site.one}Changed({where}) {{ operation id changedFields }}"
        yield _probe(site, field, channel, text, granted=site.compared(field), **known)


def unmask(site: Site, field: Field, channel: str) -> Probes:
    """Where it may be unmasked, where it may not, and on a row that is not visible."""
    granted = site.granted.unmasks(site.name, field)
    allowed = [row for row in site.visible if site.sight.unmasks(site.name, row, field)]
    known = {row["id"] for row in allowed}
    others = [row for row in site.visible if row["id"] not in known]
    for row in (*allowed[:1], *others[:1], *site.hidden[:1]):
        asked = f"unmask{site.type}(id: $id, fields: [{camel(field.name)}])"
        text = f"{asked} {{ id {site.one} {{ {leaf(field)} }} }}"
        clear = site.sight.state(site.name, row["id"], field)[0] == "clear"
        code = "NOT_FOUND" if row in site.hidden else None if row in allowed or clear else "FORBIDDEN"
        check = None if code else partial(_clear, site, field, row)
        more = {"kind": "mutation", "id": row["id"], "code": code, "check": check}
        yield _probe(site, field, channel, text, granted=granted, **more)


def _rows(site: Site, field: Field, rows: Sequence[Sequence[Any]]) -> str | None:
    """Every row that is visible and may be exported, and null for each cell that is hidden."""
    allowed = {row["id"]: row for row in site.visible if site.sight.may("export", site.name, row)}
    if {id_ for id_, _ in rows} != set(allowed):
        return "other rows than those that may be exported"
    hidden = (id_ for id_, value in rows if value is not None and _hides(site, field, allowed[id_]))
    return "a value of a hidden cell" if any(True for _ in hidden) else None


def _hides(site: Site, field: Field, row: Row) -> bool:
    return site.sight.state(site.name, row["id"], field)[0] == "hidden" and not field_type(field.type).many


def _told(site: Site, field: Field, row: Row, told: Sequence[Any]) -> str | None:
    created, updated, _ = told
    if not site.sight.sees(site.name, row["id"]):
        return None if told == [None, None, None] else "a row that may not be read"
    if created is None:
        return "nothing of a row that may be read"
    hidden = site.sight.state(site.name, row["id"], field)[0] == "hidden"
    if hidden and updated is not None and camel(field.name) in updated["changedFields"]:
        return "a change of a field that may not be read"
    return record(site, field, row, created["record"])


def _clear(site: Site, field: Field, row: Row, data: Any) -> str | None:
    value = site.sight.visible(field, row[field.name])
    found = data[site.one][camel(field.name)]
    return None if found == shown(field, value) else f"{found!r}, where {value!r} may be unmasked"


def _probe(site: Site, field: Field, channel: str, text: str, **known: Any) -> Probe:
    return Probe(channel=channel, object=site.name, field=field.name, text=text, **known)
