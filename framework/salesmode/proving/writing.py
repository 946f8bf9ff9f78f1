"""Probers of what is written: whether the right is asked for, and what the answer lets out."""

from collections.abc import Iterable
from typing import Any

from salesmode.fieldtypes import field_type
from salesmode.model.condition import ALWAYS
from salesmode.model.field import Field
from salesmode.model.grant import GRANTS
from salesmode.model.names import camel, pascal
from salesmode.proving.probe import Probe
from salesmode.proving.reading import Probes
from salesmode.proving.site import Site, leaf
from salesmode.proving.values import distinct, drawn, spelled
from salesmode.proving.world import Row, id_of, unique_fields

_FRESH = 900


def update(site: Site, field: Field, channel: str) -> Probes:
    """On a row where it may be written, on one where it may not, and on one that is not visible."""
    given = written_in(site, field)
    for row in _kinds(site, field):
        text = f"update{site.type}(id: $id, input: {{{given}}}) {{ id {echoed(site, field)} }}"
        may = site.sight.may("update", site.name, row, field)
        code, granted = _code(site, row, may=may), site.writes("update", field)
        yield _probe(site, field, channel, text, granted=granted, code=code, id=row["id"])


def update_text(site: Site, field: Field, channel: str) -> Probes:
    """A value that is none: what its problem says."""
    for row in site.visible[:1]:
        text = f'update{site.type}(id: "{row["id"]}", input: {{{camel(field.name)}: "\\u0000"}}) {{ id }}'
        yield _probe(site, field, channel, text, granted=None if site.writes("update", field) else False)


def update_reference(site: Site, field: Field, channel: str) -> Probes:
    """To a row that may not be read."""
    if field.type not in ("reference", "user"):
        return
    for row, hidden in zip(site.visible[:1], site.at(str(field.to)).hidden[:1], strict=False):
        given = f'{camel(field.name)}: "{hidden["id"]}"'
        text = f'update{site.type}(id: "{row["id"]}", input: {{{given}}}) {{ id }}'
        may = site.sight.may("update", site.name, row, field)
        code = "VALIDATION_FAILED" if may else "FORBIDDEN"
        yield _probe(site, field, channel, text, granted=site.writes("update", field), code=code)


def update_where(site: Site, field: Field, channel: str) -> Probes:
    """Which rows a change finds."""
    written = next((each for each in site.fields if site.writes("update", each)), None)
    if written is None or not site.granted.reads(site.name):
        return
    empty = "isNull" if "isNull" in map(camel, field_type(field.type).operators) else "isEmpty"
    where = f"{camel(field.name)}: {{{empty}: true}}"
    given = f"where: {{{where}}}, input: {{{written_in(site, written)}}}"
    text = f"update{pascal(site.object.plural)}({given}) {{ count }}"
    yield _probe(site, field, channel, text, granted=site.compared(field))


def create(site: Site, field: Field, channel: str) -> Probes:
    granted = site.writes("create", field)
    text = f"create{site.type}(input: {{{_whole(site, field)}}}) {{ {echoed(site, field) or '__typename'} }}"
    yield _probe(site, field, channel, text, granted=granted)
    many = f"create{pascal(site.object.plural)}(input: [{{{_whole(site, field)}}}]) {{ count }}"
    yield _probe(site, field, channel, many, granted=granted)


def create_nested(site: Site, field: Field, channel: str) -> Probes:
    for owner, inverse in site.owners():
        link = site.object.fields[inverse.field]
        creates = [each for each in owner.fields if owner.writes("create", each)]
        if creates and site.writes("create", link):
            inner = f"{camel(inverse.name)}: {{create: [{{{_whole(site, field, but=link)}}}]}}"
            text = f"create{owner.type}(input: {{{_whole(owner, creates[0])}, {inner}}}) {{ __typename }}"
            yield _probe(site, field, channel, text, granted=site.writes("create", field) or field == link)


def conflict(site: Site, field: Field, channel: str) -> Probes:
    """With a value that another row has; a field that is not granted is unknown, whatever it is given."""
    if field.name not in unique_fields(site.object):
        return
    for row in site.all[:2]:
        if row[field.name] is not None:
            given = _whole(site, field, value=row[field.name])
            text = f"create{site.type}(input: {{{given}}}) {{ __typename }}"
            yield _probe(site, field, channel, text, granted=site.writes("create", field))


def upsert(site: Site, field: Field, channel: str) -> Probes:
    """`by` is a declared unique that is fully readable."""
    creates, updates = ([e for e in site.fields if site.writes(op, e)] for op in ("create", "update"))
    if creates and updates and site.granted.reads(site.name):
        given = _whole(site, creates[0])
        text = (
            f"upsert{pascal(site.object.plural)}(by: [{camel(field.name)}], input: [{{{given}}}]) {{ count }}"
        )
        yield _probe(site, field, channel, text, granted=None if site.compared(field) else False)


def delete(site: Site, field: Field, channel: str) -> Probes:
    """The payload shows the record as it was. An object of which nothing is read or created is unknown."""
    grants = site.granted.grants(site.name)
    known = site.granted.reads(site.name) or any(each.create for each in grants)
    allowed = known and any(each.delete for each in grants)
    for row in _two(site, [row for row in site.visible if site.sight.may("delete", site.name, row)]):
        may = site.sight.may("delete", site.name, row)
        inner = f"{site.one} {{ id {leaf(field)} }}" if site.granted.reads(site.name) else ""
        text = f"delete{site.type}(id: $id) {{ id {inner} }}"
        code, granted = _code(site, row, may=may), allowed and (site.seen(field) or not inner)
        yield _probe(site, field, channel, text, granted=granted, code=code, id=row["id"])
        if not may and allowed:
            restored = f"restore{site.type}(id: $id) {{ id }}"
            yield _probe(site, field, channel, restored, granted=None, id=row["id"])


def share(site: Site, field: Field, channel: str) -> Probes:
    """Rights on a record, given and taken."""
    if GRANTS in site.object.inverses and field.name == "owner":
        for row in (*site.visible[:1], *site.hidden[:1]):
            given = f'id: "{row["id"]}", user: "{id_of(site.granted.model, "user", 2)}", right: view'
            for word in ("grant", "revoke"):
                text = f"{word}{site.type}({given}) {{ id }}"
                allowed = any(each.share for each in site.granted.grants(site.name))
                yield _probe(site, field, channel, text, granted=None if allowed else False)


def transfer(site: Site, field: Field, channel: str) -> Probes:
    """What another user owns."""
    if site.object.owned and field.name == "owner":
        users = [id_of(site.granted.model, "user", number) for number in (2, 1)]
        args = f'from: "{users[0]}", to: "{users[1]}", objects: [{site.name}]'
        text = f"transferOwnership({args}) {{ count objects {{ object ids }} }}"
        allowed = any(each.transfer for each in site.granted.grants(site.name))
        yield _probe(site, field, channel, text, granted=None if allowed else False)


def _kinds(site: Site, field: Field) -> Iterable[Row]:
    return _two(site, [row for row in site.visible if site.sight.may("update", site.name, row, field)])


def _two(site: Site, may: list[Row]) -> list[Row]:
    """One of each: allowed, visible and not allowed, not visible."""
    known = {row["id"] for row in may}
    return [*may[:1], *[row for row in site.visible if row["id"] not in known][:1], *site.hidden[:1]]


def _code(site: Site, row: Row, *, may: bool) -> str | None:
    if not site.sight.sees(site.name, row["id"]):
        return "NOT_FOUND"
    return None if may else "FORBIDDEN"


def echoed(site: Site, field: Field) -> str:
    """The record, with the field and what is hidden of some rows."""
    seen = [each for each in site.fields if site.seen(each)]
    partly = [each for each in seen if _partly(site, each)][:3]
    leaves = " ".join(leaf(each) for each in seen if each == field or each in partly)
    return f"{site.one} {{ __typename {leaves} }}" if site.granted.reads(site.name) else ""


def _partly(site: Site, field: Field) -> bool:
    return any(site.sight.state(site.name, row["id"], field)[0] != "clear" for row in site.visible)


def written_in(site: Site, field: Field, value: Any = None) -> str:
    model = site.granted.model
    ids = [row["id"] for row in site.at(field.to).visible] if field.to else []
    ids = ids or ([id_of(model, field.to, 1)] if field.to else [])
    if value is None and field.name in unique_fields(site.object) and field.to is None and not field.options:
        value = distinct(field, _FRESH)
    found = drawn(field, site.random, ids) if value is None else value
    return f"{camel(field.name)}: {spelled(field, found)}"


def _whole(site: Site, field: Field, *, value: Any = None, but: Field | None = None) -> str:
    """An input of create: what is required, and the field."""
    needed = [
        each
        for each in site.fields
        if each.required == ALWAYS and each.default is None and each not in (field, but)
    ]
    given = [written_in(site, each) for each in needed if site.writes("create", each)]
    return ", ".join([*given, *([written_in(site, field, value)] if field != but else [])])


def _probe(site: Site, field: Field, channel: str, text: str, **known: Any) -> Probe:
    return Probe(channel=channel, object=site.name, field=field.name, text=text, kind="mutation", **known)
