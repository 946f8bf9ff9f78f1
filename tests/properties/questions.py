"""Questions to the planner that a policy allows, through every channel by which a value could come out."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from salesmode.access.policy import FieldPolicy, ObjectPolicy, Policy
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.measures import measures_of
from salesmode.model.condition import Literal
from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.model.object import Inverse
from salesmode.queries.pick import Pick
from tests.properties.little_world import DOMAINS, KINDS, TEXTS, ids, its
from tests.support.asking import pick_of

PAGE_INFO = pick_of("pageInfo { hasNextPage hasPreviousPage startCursor endCursor }")
HISTORY_PARTS = pick_of(
    "history { totalCount nodes { at operation by { id } changes { field old new } } edges { cursor } "
    "pageInfo { hasNextPage startCursor endCursor } }"
).picks
REFERENCES = ("reference", "user")
_NOT_ASKED = ("created_at", "updated_at", "updated_by", "version")


def questions(policy: Policy) -> st.SearchStrategy[Pick]:
    """One root field."""
    asker = _Asker(policy)
    return st.one_of(
        *(asker.connection(camel(each.object.plural), each, 2) for each in policy.roots),
        *(asker.aggregate(f"{camel(each.object.name)}Aggregate", each) for each in policy.roots),
        *(asker.point(each) for each in policy.roots),
        asker.search(),
        asker.node(),
        asker.record(policy.objects["user"], 1).map(lambda picks: Pick("viewer", "viewer", {}, picks)),
    )


def everything(granted: ObjectPolicy) -> Pick:
    """All rows of an object with all of their own cells; references, also several, by id."""
    picks = [
        Pick(name, name, {}, (Pick("id", "id"),) if member.field.to else ())
        for name, member in granted.members.items()
        if isinstance(member, FieldPolicy) and member.field.name not in _NOT_ASKED
    ]
    return Pick("all", camel(granted.object.plural), {}, (Pick("nodes", "nodes", {}, tuple(picks)),))


def totals(granted: ObjectPolicy) -> Pick:
    """Every measure of every field, over all rows of an object."""
    picks = [Pick("count", "count")]
    for function in ("sum", "avg", "min", "max", "countDistinct"):
        names = [camel(each.name) for each in _measured(granted, function)]
        if names:
            picks.append(Pick(function, function, {}, tuple(Pick(name, name) for name in names)))
    return Pick("totals", f"{camel(granted.object.name)}Aggregate", {}, tuple(picks))


def orders(policy: Policy, plural: str) -> st.SearchStrategy[list[Any]]:
    """An `orderBy` of a list."""
    root = policy.root(camel(plural))
    assert root is not None
    return st.lists(_Asker(policy).order(root[1], 1), max_size=2)


def _comparable(granted: ObjectPolicy) -> list[Field]:
    found = granted.fields.values()
    return [each.field for each in found if each.comparable and each.field.name not in _NOT_ASKED]


def _measured(granted: ObjectPolicy, function: str) -> list[Field]:
    return [each for each in _comparable(granted) if function in measures_of(each)]


class _Asker:
    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def target(self, field: Field) -> ObjectPolicy:
        return self.policy.objects[str(field.to)]

    # Selection

    @st.composite
    @staticmethod
    def _record(draw: st.DrawFn, self: "_Asker", granted: ObjectPolicy, depth: int) -> tuple[Pick, ...]:
        members = [each for name, each in granted.members.items() if name not in map(camel, _NOT_ASKED)]
        chosen = draw(st.lists(st.sampled_from(members), max_size=4, unique_by=_name_of)) if members else []
        picks = [Pick("id", "id")]
        for member in chosen:
            key = camel(_name_of(member))
            if isinstance(member, Inverse):
                if depth:
                    below = self.policy.objects[member.object]
                    picks.append(draw(self.connection(key, below, depth - 1)))
            elif member.field.to:
                below_picks = draw(self.record(self.target(member.field), depth - 1)) if depth else picks[:1]
                picks.append(Pick(key, key, {}, tuple(below_picks)))
            else:
                picks.append(Pick(key, key))
        if granted.object.name == "deal" and draw(st.booleans()):
            size = draw(st.sampled_from((None, 1, 2)))
            picks.append(Pick("history", "history", {"first": Literal(size)}, HISTORY_PARTS))
        return tuple(picks)

    def record(self, granted: ObjectPolicy, depth: int) -> st.SearchStrategy[tuple[Pick, ...]]:
        return self._record(self, granted, depth)

    @st.composite
    @staticmethod
    def _connection(draw: st.DrawFn, self: "_Asker", name: str, granted: ObjectPolicy, depth: int) -> Pick:
        args: dict[str, Any] = {}
        if draw(st.booleans()):
            args["where"] = draw(self.where(granted, 2))
        if draw(st.booleans()):
            args["orderBy"] = draw(st.lists(self.order(granted, 1), min_size=1, max_size=2))
        size = draw(st.sampled_from((None, 1, 2, 3)))
        if size is not None:
            args[draw(st.sampled_from(("first", "last")))] = Literal(size)
        elif draw(st.integers(0, 4)) == 4:
            args["offset"] = Literal(1)
        record = draw(self.record(granted, depth))
        parts = [Pick("nodes", "nodes", {}, record)]
        if draw(st.booleans()):
            parts += [PAGE_INFO, Pick("edges", "edges", {}, (Pick("cursor", "cursor"),))]
        if draw(st.booleans()):
            parts.append(Pick("totalCount", "totalCount"))
        if draw(st.booleans()):
            parts.append(Pick("aggregate", "aggregate", {}, draw(self.measures(granted))))
        return Pick(name, name, args, tuple(parts))

    def connection(self, name: str, granted: ObjectPolicy, depth: int) -> st.SearchStrategy[Pick]:
        return self._connection(self, name, granted, depth)

    def point(self, granted: ObjectPolicy) -> st.SearchStrategy[Pick]:
        name = camel(granted.object.name)
        wanted = st.sampled_from([*ids(granted.object.name), its(granted.object.name, 101)])
        return st.builds(
            lambda id, picks: Pick(name, name, {"id": Literal(id)}, picks), wanted, self.record(granted, 2)
        )

    def node(self) -> st.SearchStrategy[Pick]:
        wanted = st.sampled_from([its(kind, number) for kind in KINDS for number in (1, 2, 101)])
        return st.builds(lambda id: Pick("node", "node", {"id": Literal(id)}, self.any_record()), wanted)

    def any_record(self) -> tuple[Pick, ...]:
        found = self.policy.roots
        return tuple(
            Pick(
                each.object.name,
                camel(each.object.name),
                {},
                (Pick("id", "id"), Pick("__typename", "__typename")),
            )
            for each in found
        )

    def search(self) -> st.SearchStrategy[Pick]:
        picks = (
            *(Pick(name, name) for name in ("object", "id", "title")),
            Pick("record", "record", {}, self.any_record()),
        )
        return st.builds(
            lambda text, size: Pick(
                "search", "search", {"text": Literal(text), "first": Literal(size)}, picks
            ),
            st.sampled_from(TEXTS),
            st.sampled_from((None, 1, 2)),
        )

    # Aggregates

    @st.composite
    @staticmethod
    def _measures(draw: st.DrawFn, self: "_Asker", granted: ObjectPolicy) -> tuple[Pick, ...]:
        picks = [Pick("count", "count")]
        for function in ("sum", "avg", "min", "max", "countDistinct"):
            fields = _measured(granted, function)
            if fields and draw(st.booleans()):
                chosen = draw(
                    st.lists(st.sampled_from(fields), min_size=1, max_size=3, unique_by=_field_name)
                )
                below = tuple(Pick(camel(each.name), camel(each.name)) for each in chosen)
                picks.append(Pick(function, function, {}, below))
        return tuple(picks)

    def measures(self, granted: ObjectPolicy) -> st.SearchStrategy[tuple[Pick, ...]]:
        return self._measures(self, granted)

    @st.composite
    @staticmethod
    def _aggregate(draw: st.DrawFn, self: "_Asker", name: str, granted: ObjectPolicy) -> Pick:
        groups = draw(st.lists(self.group(granted, 1), max_size=2, unique_by=repr))
        paths = {_path(each): each for each in groups}
        merged = _merged([self.key(granted, path) for path in paths])
        picks = draw(self.measures(granted))
        args: dict[str, Any] = {"groupBy": list(paths.values())}
        if draw(st.booleans()):
            args["where"] = draw(self.where(granted, 1))
        args["orderBy"] = draw(st.lists(self.aggregate_order(granted, paths), max_size=1))
        if draw(st.integers(0, 2)) == 2:
            args["first"] = Literal(draw(st.integers(1, 2)))
        return Pick(name, name, args, (*picks, *([Pick("key", "key", {}, merged)] if merged else [])))

    def aggregate(self, name: str, granted: ObjectPolicy) -> st.SearchStrategy[Pick]:
        return self._aggregate(self, name, granted)

    def aggregate_order(
        self, granted: ObjectPolicy, paths: Sequence[tuple[str, ...]]
    ) -> st.SearchStrategy[Any]:
        direction = st.sampled_from(("ASC", "DESC")).map(Literal)
        entries = [st.builds(lambda way: {"count": way}, direction)]
        for path in paths:
            entries.append(st.builds(lambda way, path=path: {"key": _nested(path, way)}, direction))
        for function in ("sum", "avg", "min", "max", "countDistinct"):
            for each in _measured(granted, function):
                path = (function, camel(each.name))
                entries.append(st.builds(lambda way, path=path: _nested(path, way), direction))
        return st.one_of(entries)

    @st.composite
    @staticmethod
    def _group(draw: st.DrawFn, self: "_Asker", granted: ObjectPolicy, depth: int) -> Any:
        field = draw(st.sampled_from(_measured(granted, "countDistinct")))
        if field.type in REFERENCES and depth and draw(st.booleans()):
            return {camel(field.name): draw(self.group(self.target(field), depth - 1))}
        found: dict[str, Any] = {"field": Literal(camel(field.name))}
        if field.type == "date":
            found["by"] = Literal(draw(st.sampled_from((None, "MONTH", "YEAR"))))
        return found

    def group(self, granted: ObjectPolicy, depth: int) -> st.SearchStrategy[Any]:
        return self._group(self, granted, depth)

    def key(self, granted: ObjectPolicy, path: tuple[str, ...]) -> Pick:
        field = next(each for each in _comparable(granted) if camel(each.name) == path[0])
        if len(path) > 1:
            return Pick(path[0], path[0], {}, (self.key(self.target(field), path[1:]),))
        below = (Pick("id", "id"),) if field.type in REFERENCES else ()
        return Pick(path[0], path[0], {}, below)

    # Arguments

    @st.composite
    @staticmethod
    def _order(draw: st.DrawFn, self: "_Asker", granted: ObjectPolicy, depth: int) -> Any:
        fields = [
            each
            for each in _comparable(granted)
            if (each.type in REFERENCES and depth)
            or (each.type not in REFERENCES and field_type(each.type).orderable)
        ]
        field = draw(st.sampled_from(fields))
        if field.type in REFERENCES:
            return {camel(field.name): draw(self.order(self.target(field), depth - 1))}
        return {camel(field.name): Literal(draw(st.sampled_from(("ASC", "DESC"))))}

    def order(self, granted: ObjectPolicy, depth: int) -> st.SearchStrategy[Any]:
        return self._order(self, granted, depth)

    @st.composite
    @staticmethod
    def _where(draw: st.DrawFn, self: "_Asker", granted: ObjectPolicy, depth: int) -> dict[str, Any]:
        kind = draw(st.sampled_from(("member", "member", "not", "or") if depth else ("member",)))
        if kind == "not":
            return {"not": draw(self.where(granted, depth - 1))}
        if kind == "or":
            return {"or": draw(st.lists(self.where(granted, depth - 1), min_size=2, max_size=2))}
        inverses = list(granted.inverses.values()) if depth else []
        member = draw(st.sampled_from([*_comparable(granted), *inverses]))
        if isinstance(member, Inverse):
            quantifier = draw(st.sampled_from(("some", "none", "every")))
            below = self.policy.objects[member.object]
            return {camel(member.name): {quantifier: draw(self.where(below, depth - 1))}}
        return {camel(member.name): draw(self.operation(granted, member, depth))}

    def where(self, granted: ObjectPolicy, depth: int) -> st.SearchStrategy[dict[str, Any]]:
        return self._where(self, granted, depth)

    @st.composite
    @staticmethod
    def _operation(draw: st.DrawFn, self: "_Asker", granted: ObjectPolicy, field: Field, depth: int) -> Any:
        if field.type in REFERENCES and depth and draw(st.booleans()):
            return draw(self.where(self.target(field), depth - 1))
        operators = [each for each in field_type(field.type).operators if each != "under" or self.tree(field)]
        op = draw(st.sampled_from(operators))
        if op in ("isNull", "isEmpty"):
            return {op: Literal(draw(st.booleans()))}
        domain = self.domain(granted, field)
        if op in ("in", "notIn", "between", "hasAny", "hasAll"):
            size = 2 if op == "between" else draw(st.integers(0, 2))
            found = draw(st.lists(st.sampled_from(domain), min_size=size, max_size=size))
            return {op: Literal(tuple(found))}
        return {op: Literal(draw(st.sampled_from(domain)))}

    def operation(self, granted: ObjectPolicy, field: Field, depth: int) -> st.SearchStrategy[Any]:
        return self._operation(self, granted, field, depth)

    def tree(self, field: Field) -> bool:
        return any(each.tree for each in _comparable(self.target(field)))

    def domain(self, granted: ObjectPolicy, field: Field) -> Sequence[Any]:
        if field.name == "id" or field.to:
            return ids(field.to or granted.object.name)
        return DOMAINS[field.name]


def _name_of(member: FieldPolicy | Inverse) -> str:
    return member.name if isinstance(member, Inverse) else member.field.name


def _field_name(field: Field) -> str:
    return field.name


def _path(group: Mapping[str, Any]) -> tuple[str, ...]:
    if "field" in group:
        return (group["field"].value,)
    ((name, below),) = group.items()
    return (name, *_path(below))


def _nested(path: tuple[str, ...], way: Literal) -> Any:
    return {path[0]: _nested(path[1:], way)} if len(path) > 1 else {path[0]: way}


def _merged(picks: Sequence[Pick]) -> tuple[Pick, ...]:
    """Picks of one key made one."""
    found: dict[str, Pick] = {}
    for each in picks:
        before = found.get(each.key)
        below = (*before.picks, *each.picks) if before else each.picks
        found[each.key] = Pick(each.key, each.name, {}, _merged(below))
    return tuple(found.values())
