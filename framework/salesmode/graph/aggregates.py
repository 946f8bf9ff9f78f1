"""Groups: their key, the count, and one type per function over the fields that it fits (DESIGN §5, RULINGS
26, 33).
"""

from collections.abc import Callable, Iterator, Mapping

from salesmode.access.policy import ObjectPolicy
from salesmode.fieldtypes.measures import measures_of
from salesmode.graph.blueprint import Blueprint, Member, field, required
from salesmode.graph.outputs import scalar_of
from salesmode.graph.view import View, kind_of
from salesmode.model.field import Field
from salesmode.model.names import pascal
from salesmode.model.object import Object
from salesmode.queries.references import REFERENCES

Found = Iterator[tuple[str, Field]]


def aggregate(view: View, name: str, described: Object) -> Blueprint:
    """`CustomerAggregate`: one group, or all rows."""

    def members() -> Mapping[str, Member]:
        granted = view.granted(described)
        found = {"key": field(f"{name}Key"), "count": field(required("Int"))}
        if any(_numbers(view, granted)):
            found |= {"sum": field(f"{name}Sum"), "avg": field(f"{name}Avg")}
        if any(_measured(view, granted)):
            found |= {"min": field(f"{name}Min"), "max": field(f"{name}Max")}
        return {**found, "countDistinct": field(f"{name}CountDistinct")}

    return Blueprint(form="object", name=name, members=members, description=view.said(described.plural_label))


def key(view: View, name: str, described: Object) -> Blueprint:
    """`CustomerAggregateKey`: what the rows of a group have in common; a reference is the record."""

    def type_of(found: Field) -> str:
        return pascal(found.to or "") if found.type in REFERENCES else scalar_of(found, described)

    return _object(view, name, lambda: _single(view, view.granted(described)), type_of)


def sums(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`CustomerAggregateSum`: the sum of integers is a BigInt."""

    def type_of(described: Field) -> str:
        return "Decimal" if kind_of(described).scalar == "Decimal" else "BigInt"

    return _some(_object(view, name, lambda: _numbers(view, granted), type_of), _numbers(view, granted))


def averages(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`CustomerAggregateAvg`: always a Decimal."""
    made = _object(view, name, lambda: _numbers(view, granted), lambda _: "Decimal")
    return _some(made, _numbers(view, granted))


def extremes(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`CustomerAggregateMin` and `…Max`."""
    made = _object(
        view, name, lambda: _measured(view, granted), lambda found: scalar_of(found, granted.object)
    )
    return _some(made, _measured(view, granted))


def distinct(view: View, name: str, described: Object) -> Blueprint:
    """`CustomerAggregateCountDistinct`."""
    return _object(view, name, lambda: _single(view, view.granted(described)), lambda _: required("Int"))


def order_by(view: View, name: str, described: Object) -> Blueprint:
    """`CustomerAggregateOrderBy`: by the count, by a value of a function, or by the key."""
    one = f"{pascal(described.name)}Aggregate"

    def members() -> Mapping[str, Member]:
        granted = view.granted(described)
        found = {"count": field("SortDirection"), "key": field(f"{one}KeyOrderBy")}
        if any(_numbers(view, granted)):
            found |= {each: field(f"{one}SumOrderBy") for each in ("sum", "avg")}
        if any(_measured(view, granted)):
            found |= {each: field(f"{one}MinOrderBy") for each in ("min", "max")}
        return {**found, "countDistinct": field(f"{one}CountDistinctOrderBy")}

    return Blueprint(form="input", name=name, members=members)


def key_order(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    return _some(_order(name, lambda: _single(view, granted), _key_order), _single(view, granted))


def sum_order(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    return _some(_order(name, lambda: _numbers(view, granted)), _numbers(view, granted))


def extreme_order(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    return _some(_order(name, lambda: _measured(view, granted)), _measured(view, granted))


def distinct_order(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    return _some(_order(name, lambda: _single(view, granted)), _single(view, granted))


def _single(view: View, granted: ObjectPolicy) -> Found:
    """What rows can be grouped by: one value each, that can be told from another."""
    yield from _with(view, granted, "countDistinct")


def _measured(view: View, granted: ObjectPolicy) -> Found:
    """What has a least and a greatest value."""
    yield from _with(view, granted, "min")


def _numbers(view: View, granted: ObjectPolicy) -> Found:
    """What can be added up."""
    yield from _with(view, granted, "sum")


def _with(view: View, granted: ObjectPolicy, measure: str) -> Found:
    return ((name, each) for name, each in view.comparable(granted) if measure in measures_of(each))


def _direction(_described: Field) -> str:
    return "SortDirection"


def _key_order(described: Field) -> str:
    return f"{pascal(described.to or '')}OrderBy" if described.type in REFERENCES else "SortDirection"


def _object(view: View, name: str, fields: Callable[[], Found], type_of: Callable[[Field], str]) -> Blueprint:
    def members() -> Mapping[str, Member]:
        return {each: field(type_of(found), view.said(found.label)) for each, found in fields()}

    return Blueprint(form="object", name=name, members=members)


def _order(name: str, fields: Callable[[], Found], type_of: Callable[[Field], str] = _direction) -> Blueprint:
    return Blueprint(
        form="input", name=name, members=lambda: {each: field(type_of(found)) for each, found in fields()}
    )


def _some(blueprint: Blueprint, fields: Found) -> Blueprint | None:
    """A type without a field does not exist."""
    return blueprint if any(fields) else None
