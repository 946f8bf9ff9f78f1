"""Names that are reserved, and names that would be the same in SQL or in GraphQL (RULINGS 3, 4, 52)."""

from collections.abc import Iterable, Iterator, Mapping

from salesmode.compiler.analyzer.report import Reporter
from salesmode.model.names import camel, pascal
from salesmode.model.object import Object
from salesmode.model.published import (
    BUILT_IN_MUTATIONS,
    BUILT_IN_QUERIES,
    BUILT_IN_TYPES,
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
RECORD_NAMES = frozenset({"id", "version", "history", "tags", "grants", "key", "count", "default", "groups"})
_RESERVED_FIELDS = OPERATORS | RECORD_NAMES


def check_names(objects: Mapping[str, Object], reporters: Mapping[str, Reporter]) -> None:
    """Everything about the names of objects, fields and relations."""
    for name, each in objects.items():
        _check_object(each, reporters[name])
        _check_members(each, reporters)
    _check_tables(objects, reporters)
    _check_published(objects, reporters)


def _check_object(object_: Object, say: Reporter) -> None:
    for name, key in ((object_.name, "name"), (object_.plural, "plural")):
        if name.startswith("sm_"):
            say.error("SM306", f"the prefix of '{name}' is the engine's own", key)
        if camel(name) in BUILT_IN_QUERIES:
            say.error("SM306", f"'{name}' is the name of a field that every API has", key)
    if object_.plural == object_.name:
        say.error(
            "SM307",
            f"the plural of '{object_.name}' is the same word",
            "plural",
            hint="give it another `plural`",
        )


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


def _check_published(objects: Mapping[str, Object], reporters: Mapping[str, Reporter]) -> None:
    seen = dict.fromkeys(BUILT_IN_TYPES, "the engine")
    _check_group("type", ((each.name, types_of(each)) for each in objects.values()), seen, objects, reporters)
    seen = dict.fromkeys(BUILT_IN_QUERIES, "the engine")
    _check_group(
        "query", ((each.name, queries_of(each)) for each in objects.values()), seen, objects, reporters
    )
    seen = dict.fromkeys(BUILT_IN_MUTATIONS, "the engine")
    mutations = ((each.name, mutations_of(each)) for each in objects.values())
    _check_group("mutation", mutations, seen, objects, reporters)


def _check_group(
    kind: str,
    brought: Iterable[tuple[str, list[tuple[str, Derived]]]],
    seen: dict[str, str],
    objects: Mapping[str, Object],
    reporters: Mapping[str, Reporter],
) -> None:
    for owner, names in brought:
        for name, origin in names:
            if name in seen and (seen[name] != owner or kind == "type"):
                field = origin.field
                path: tuple[str, ...] = ("fields", field) if field else ("name",)
                where = "of the engine" if seen[name] == "the engine" else f"that '{seen[name]}' brings along"
                reporters[owner].error(
                    "SM311",
                    f"the GraphQL {kind} '{name}' is also one {where}",
                    *path,
                    hint=f"'{_suggested(field or owner, objects)}' would be free",
                )
            seen.setdefault(name, owner)


def _suggested(name: str, objects: Mapping[str, Object]) -> str:
    taken = {pascal(each) for each in objects}
    return next(each for each in _variants(name) if pascal(each) not in taken)


def _variants(name: str) -> Iterator[str]:
    yield f"{name}_record"
    yield from (f"{name}_record_{number}" for number in range(2, 1000))
