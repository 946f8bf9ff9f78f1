"""Groups: their key, the count, and one type per function over the fields that it fits (DESIGN §5, RULINGS
26, 33).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from salesmode.access.policy import ObjectPolicy
from salesmode.fieldtypes.measures import measures_of
from salesmode.graph.blueprint import Blueprint, Named, field, input_field, required
from salesmode.graph.outputs import scalar_of
from salesmode.graph.view import View, kind_of
from salesmode.model.field import Field
from salesmode.model.names import pascal
from salesmode.queries.references import REFERENCES


def aggregate(view: View, name: str, granted: ObjectPolicy) -> Blueprint:
    """`CustomerAggregate`: one group, or all rows."""

    def members() -> dict[str, Any]:
        found = {"key": field(f"{name}Key"), "count": field(required("Int"))}
        if any(_numbers(view, granted)):
            found |= {"sum": field(f"{name}Sum"), "avg": field(f"{name}Avg")}
        if any(_measured(view, granted)):
            found |= {"min": field(f"{name}Min"), "max": field(f"{name}Max")}
        return {**found, "countDistinct": field(f"{name}CountDistinct")}

    return Blueprint(
        form="object", name=name, members=members, description=view.said(granted.object.plural_label)
    )


def key(view: View, name: str, granted: ObjectPolicy) -> Blueprint:
    """`CustomerAggregateKey`: what the rows of a group have in common; a reference is the record."""

    def type_of(described: Field) -> Any:
        if described.type in REFERENCES:
            return Named(pascal(described.to or ""))
        return Named(scalar_of(described, granted.object))

    return _object(view, name, {each: (found, type_of(found)) for each, found in _single(view, granted)})


def sums(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`CustomerAggregateSum`: the sum of integers is a BigInt."""

    def type_of(described: Field) -> Any:
        return Named("Decimal" if kind_of(described).scalar == "Decimal" else "BigInt")

    return _some(view, name, {each: (found, type_of(found)) for each, found in _numbers(view, granted)})


def averages(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`CustomerAggregateAvg`: always a Decimal."""
    return _some(view, name, {each: (found, Named("Decimal")) for each, found in _numbers(view, granted)})


def extremes(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`CustomerAggregateMin` and `…Max`."""
    return _some(
        view,
        name,
        {each: (found, Named(scalar_of(found, granted.object))) for each, found in _measured(view, granted)},
    )


def distinct(view: View, name: str, granted: ObjectPolicy) -> Blueprint:
    """`CustomerAggregateCountDistinct`."""
    return _object(view, name, {each: (found, required("Int")) for each, found in _single(view, granted)})


def order_by(view: View, name: str, granted: ObjectPolicy) -> Blueprint:
    """`CustomerAggregateOrderBy`: by the count, by a value of a function, or by the key."""
    one = f"{pascal(granted.object.name)}Aggregate"

    def members() -> dict[str, Any]:
        found = {"count": input_field("SortDirection"), "key": input_field(f"{one}KeyOrderBy")}
        if any(_numbers(view, granted)):
            found |= {each: input_field(f"{one}SumOrderBy") for each in ("sum", "avg")}
        if any(_measured(view, granted)):
            found |= {each: input_field(f"{one}MinOrderBy") for each in ("min", "max")}
        return {**found, "countDistinct": input_field(f"{one}CountDistinctOrderBy")}

    return Blueprint(form="input", name=name, members=members)


def key_order(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    return _order(name, {each: _key_order(found) for each, found in _single(view, granted)})


def sum_order(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    return _order(name, {each: Named("SortDirection") for each, _ in _numbers(view, granted)})


def extreme_order(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    return _order(name, {each: Named("SortDirection") for each, _ in _measured(view, granted)})


def distinct_order(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    return _order(name, {each: Named("SortDirection") for each, _ in _single(view, granted)})


def _single(view: View, granted: ObjectPolicy) -> Iterator[tuple[str, Field]]:
    """What rows can be grouped by: one value each, that can be told from another."""
    yield from _with(view, granted, "countDistinct")


def _measured(view: View, granted: ObjectPolicy) -> Iterator[tuple[str, Field]]:
    """What has a least and a greatest value."""
    yield from _with(view, granted, "min")


def _numbers(view: View, granted: ObjectPolicy) -> Iterator[tuple[str, Field]]:
    """What can be added up."""
    yield from _with(view, granted, "sum")


def _with(view: View, granted: ObjectPolicy, measure: str) -> Iterator[tuple[str, Field]]:
    return ((name, each) for name, each in view.comparable(granted) if measure in measures_of(each))


def _key_order(described: Field) -> Any:
    return Named(f"{pascal(described.to or '')}OrderBy" if described.type in REFERENCES else "SortDirection")


def _object(view: View, name: str, members: Mapping[str, tuple[Field, Any]]) -> Blueprint:
    def made() -> dict[str, Any]:
        return {each: field(type_, view.said(found.label)) for each, (found, type_) in members.items()}

    return Blueprint(form="object", name=name, members=made)


def _some(view: View, name: str, members: Mapping[str, tuple[Field, Any]]) -> Blueprint | None:
    """A type without a field does not exist."""
    return _object(view, name, members) if members else None


def _order(name: str, members: Mapping[str, Any]) -> Blueprint | None:
    made = {each: input_field(type_) for each, type_ in members.items()}
    return Blueprint(form="input", name=name, members=lambda: made) if members else None
