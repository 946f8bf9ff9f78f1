"""Names that are reserved, and names that would be the same in SQL or in GraphQL (RULINGS 3, 4, 52)."""

from collections.abc import Iterator, Mapping, Sequence

from salesmode.compiler.analyzer.report import Reporter
from salesmode.model.names import camel, pascal
from salesmode.model.object import Object
from salesmode.model.published import (
    BUILT_IN_MUTATIONS,
    BUILT_IN_QUERIES,
    BUILT_IN_TYPES,
    RECORD_NAMES,
    Derived,
    mutations_of,
    queries_of,
    types_of,
)

OPERATORS = frozenset(
    [
        "eq",
        "ne",
        "in",
        "notIn",
        "lt",
        "lte",
        "gt",
        "gte",
        "between",
        "contains",
        "startsWith",
        "endsWith",
        "icontains",
        "isNull",
        "has",
        "hasAny",
        "hasAll",
        "isEmpty",
        "before",
        "after",
        "atLeast",
        "under",
        "some",
        "none",
        "every",
        "and",
        "or",
        "not",
    ]
)
_RESERVED_FIELDS = OPERATORS | RECORD_NAMES


def check_names(
    objects: Mapping[str, Object],
    reporters: Mapping[str, Reporter],
    engine: Sequence[Object],
    *,
    published: Mapping[str, Object],
) -> None:
    """Everything about the names of objects, fields and relations; `engine`: objects of its own. `published`:
    the objects with the relations that bring names of their own along.
    """
    for name, each in objects.items():
        _check_object(each, reporters[name])
        _check_members(each, reporters)
    _check_tables(objects, reporters)
    _check_published({name: published[name] for name in objects}, reporters, engine)


def _check_object(object_: Object, say: Reporter) -> None:
    named = ((object_.name, "name"), (object_.plural, "plural"))
    for name, key in (each for each in named if each[1] in say.document.data):
        if name.startswith("sm_"):
            say.error_at_value("SM306", f"the prefix of '{name}' is the engine's own", key)
        if camel(name) in BUILT_IN_QUERIES:
            say.error_at_value("SM306", f"'{name}' is the name of a field that every API has", key)
    if object_.plural == object_.name:
        message, hint = f"the plural of '{object_.name}' is the same word", "give it another `plural`"
        say.error_at_value("SM307", message, "plural", hint=hint)


def _check_members(object_: Object, reporters: Mapping[str, Reporter]) -> None:
    say = reporters[object_.name]
    seen: dict[str, str] = {}
    columns: dict[str, str] = {"deleted_at": "deleted_at"}
    for name, field in object_.fields.items():
        path = ("fields", name)
        if not field.system and (camel(name) in _RESERVED_FIELDS or name.startswith("sm_")):
            say.error("SM306", f"a field may not be named '{name}'", *path, hint="choose another name")
        _clash(seen, camel(name), f"field '{name}'", say, path)
        if field.column in columns:
            what = f"'{name}' and '{columns[field.column]}' would both be the column '{field.column}'"
            say.error("SM301", what, *path)
        columns[field.column] = name
    for inverse in object_.inverses.values():
        place = ("fields", inverse.field, "inverse")
        source = reporters[inverse.object]
        if camel(inverse.name) in _RESERVED_FIELDS:
            source.error("SM306", f"a relation may not be named '{inverse.name}'", *place)
        _clash(seen, camel(inverse.name), f"relation '{inverse.name}'", source, place)


def _clash(seen: dict[str, str], spelled: str, what: str, say: Reporter, path: tuple[str | int, ...]) -> None:
    if spelled in seen:
        say.error("SM301", f"{what} and {seen[spelled]} would both be '{spelled}' in GraphQL", *path)
    seen.setdefault(spelled, what)


def _check_tables(objects: Mapping[str, Object], reporters: Mapping[str, Reporter]) -> None:
    tables: dict[str, str] = {}
    for name, each in objects.items():
        if each.table in tables:
            what = f"objects '{tables[each.table]}' and '{name}' would both be the table '{each.table}'"
            reporters[name].error(
                "SM301", what, "plural" if "plural" in reporters[name].document.data else "name"
            )
        tables.setdefault(each.table, name)


def _check_published(
    objects: Mapping[str, Object], reporters: Mapping[str, Reporter], engine: Sequence[Object]
) -> None:
    """One clash of two objects, or of one with the engine, is told once."""
    groups = (
        ("type", BUILT_IN_TYPES, types_of),
        ("query", BUILT_IN_QUERIES, queries_of),
        ("mutation", BUILT_IN_MUTATIONS, mutations_of),
    )
    told = {(each.name, _ENGINE) for each in objects.values() if camel(each.name) in BUILT_IN_QUERIES}
    for kind, built_in, brought_by in groups:
        engines = (name for own in engine for name, _ in brought_by(own))
        seen = dict.fromkeys([*built_in, *engines], _ENGINE)
        for each in objects.values():
            for name, origin in brought_by(each):
                other = seen.setdefault(name, each.name)
                clash = (each.name, other)
                if _clashes(each, other, objects) and clash not in told:
                    told.add(clash)
                    _report_clash(kind, name, origin, other, objects, reporters[each.name])
            own = [name for name, _ in brought_by(each)]
            _check_own(kind, each, own, reporters[each.name])


_ENGINE = "the engine"


def _clashes(object_: Object, other: str, objects: Mapping[str, Object]) -> bool:
    """Two objects of one table are told of already."""
    return other != object_.name and (other == _ENGINE or objects[other].table != object_.table)


def _report_clash(
    kind: str, name: str, origin: Derived, other: str, objects: Mapping[str, Object], say: Reporter
) -> None:
    where = "of the engine" if other == _ENGINE else f"that '{other}' brings along"
    message = f"the GraphQL {kind} '{name}' is also one {where}"
    hint = f"'{_suggested(origin.field or origin.object, objects)}' would be free"
    if origin.field:
        say.error("SM311", message, "fields", origin.field, hint=hint)
    else:
        say.error_at_value("SM311", message, "name", hint=hint)


def _check_own(kind: str, object_: Object, names: list[str], say: Reporter) -> None:
    """What one object brings along twice, as by a choice named `where`."""
    if object_.plural == object_.name:
        return
    for name, origin in types_of(object_) if kind == "type" else ():
        if names.count(name) > 1 and origin.field:
            message = f"the GraphQL type '{name}' is also one that '{object_.name}' itself brings along"
            hint = f"'{origin.field}_kind' would be free"
            say.error("SM311", message, "fields", origin.field, hint=hint)


def _suggested(name: str, objects: Mapping[str, Object]) -> str:
    taken = {pascal(each) for each in objects}
    return next(each for each in _variants(name) if pascal(each) not in taken)


def _variants(name: str) -> Iterator[str]:
    yield f"{name}_record"
    yield from (f"{name}_record_{number}" for number in range(2, 1000))
