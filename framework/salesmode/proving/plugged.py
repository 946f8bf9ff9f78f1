"""Probers of what plugins add: fields of records, records in their answers, and what these are about.

The code of a plugin reads with the rights of the system, as rules do: which records it chooses, and what it
makes of fields that may be read, is its own affair. What the engine shows of them is not.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any

from salesmode.hooks.api import ApiField, InputType
from salesmode.model.app import Model
from salesmode.model.field import Field
from salesmode.plugins import Added, additions_of
from salesmode.proving.probe import Probe
from salesmode.proving.reading import Probes, record
from salesmode.proving.site import Site, leaf

_DEEPEST = 3

_VALUES: Mapping[str, str] = {
    **dict.fromkeys(("String", "JSON"), '"x"'),
    **dict.fromkeys(("Int", "Float", "BigInt", "Decimal"), "1"),
    "Boolean": "true",
    "ID": '"00000000-0000-7000-8000-000000000000"',
    "Date": '"2026-01-31"',
    "DateTime": '"2026-01-31T08:00:00Z"',
}


def fields(site: Site, field: Field, channel: str) -> Probes:
    """Null where one of the needed fields is hidden; unknown where one of them is no field of the role."""
    for name, added in additions_of(site.granted.model).fields.get(site.name, {}).items():
        needs = [site.object.fields[each] for each in added.given.needs]
        if field not in needs:
            continue
        selected = _selected(site, added.given.answer, "id", None)
        known = all(each.system or site.compared(each) for each in needs)
        text = f"{site.many}(first: 100) {{ nodes {{ id {name}{selected or ''} }} }}"
        check = partial(_null_where_hidden, site, needs, name)
        granted = None if known else False
        yield _probe(site, field, channel, text, granted=granted, check=check, ruled=True)


def answers(site: Site, field: Field, channel: str) -> Probes:
    """Records in the answer of a query are those that the role sees, and each cell as the role has it."""
    for name, added in additions_of(site.granted.model).queries.items():
        selected = _selected(site, added.given.answer, f"id {leaf(field)}", site.type)
        for arguments in _arguments(site, added) if selected and site.seen(field) else ():
            text = f"{name}{arguments}{selected}"
            check = partial(_as_seen, site, field)
            yield _probe(site, field, channel, text, granted=None, check=check, ruled=True)


def targets(site: Site, field: Field, channel: str) -> Probes:
    """A record that the role does not see is not found."""
    if field != site.fields[0]:
        return
    additions = additions_of(site.granted.model)
    queries = [("query", *each) for each in additions.queries.items()]
    mutations = [("mutation", *each) for each in additions.mutations.items()]
    for kind, name, added in (*queries, *mutations):
        target = added.given.target
        if target is None or target.object != site.name:
            continue
        for row in site.hidden[:1]:
            given = _given(site.granted.model, added.given, {target.argument: row["id"]})
            selected = _selected(site, added.given.answer, "id", None)
            text = f"{name}{given}{selected or ''}"
            yield _probe(site, field, channel, text, granted=None, kind=kind, check=_nothing)


def _selected(site: Site, type_: str, of_record: str, wanted: str | None, depth: int = 0) -> str | None:
    """What is selected of an answer of that type: all scalars of mappings, and of records what is asked for.
    With `wanted`: only what leads to records of that type; None where nothing does.
    """
    model, name = site.granted.model, type_.strip("[]!")
    derived = model.published.types.get(name)
    if derived is not None and derived.kind == "record":
        return f" {{ {of_record} }}" if wanted in (None, name) else None
    added = additions_of(model).types.get(name)
    if added is None:
        return "" if wanted is None else None
    inner = []
    for member, written in added.given.fields.items() if depth < _DEEPEST else ():
        below = _selected(site, written, of_record, wanted, depth + 1)
        if below is not None:
            inner.append(f"{member}{below}")
    return f" {{ {' '.join(inner)} }}" if inner else None


def _arguments(site: Site, added: Added[ApiField]) -> Iterator[str]:
    """What the query may be asked with: about a visible record where it is about one."""
    target = added.given.target
    if target is None:
        yield _given(site.granted.model, added.given, {})
        return
    for row in islice(site.at(target.object).visible, 1):
        yield _given(site.granted.model, added.given, {target.argument: row["id"]})


def _given(model: Model, given: ApiField, ids: Mapping[str, str]) -> str:
    """The arguments in brackets: those that must be there."""
    found = [
        f'{name}: "{ids[name]}"' if name in ids else f"{name}: {_value(model, type_)}"
        for name, type_ in given.arguments.items()
        if type_.endswith("!")
    ]
    return f"({', '.join(found)})" if found else ""


def _value(model: Model, type_: str) -> str:
    """Any value of a type."""
    if type_.rstrip("!").startswith("["):
        return "[]"
    name = type_.strip("!")
    added = additions_of(model).types.get(name)
    if added is not None and isinstance(added.given, InputType):
        members = added.given.fields.items()
        inner = (f"{each}: {_value(model, written)}" for each, written in members if written.endswith("!"))
        return f"{{{', '.join(inner)}}}"
    derived = model.published.types.get(name)
    if derived is not None and derived.field is not None:
        return model.objects[derived.object].fields[derived.field].options[0].name
    return _VALUES.get(name, "DAY")


def _null_where_hidden(site: Site, needs: list[Field], name: str, data: Any) -> str | None:
    for each in data["nodes"]:
        hidden = any(site.sight.state(site.name, each["id"], need)[0] != "clear" for need in needs)
        if hidden and each[name] is not None:
            return f"a value of '{name}' where a field that it needs is hidden"
    return None


def _as_seen(site: Site, field: Field, data: Any) -> str | None:
    rows = {row["id"]: row for row in site.all}
    for each in _records(data):
        row = rows.get(each["id"])
        why = record(site, field, row, each) if row is not None else None
        if why is not None:
            return why
    return None


def _records(data: Any) -> Iterator[dict[str, Any]]:
    """All records in an answer."""
    match data:
        case list():
            for each in data:
                yield from _records(each)
        case {"id": str()}:
            yield data
        case dict():
            for each in data.values():
                yield from _records(each)


def _nothing(data: Any) -> str | None:
    return None if data is None else "an answer about a row that may not be read"


def _probe(site: Site, field: Field, channel: str, text: str, **known: Any) -> Probe:
    return Probe(channel=channel, object=site.name, field=field.name, text=text, **known)
