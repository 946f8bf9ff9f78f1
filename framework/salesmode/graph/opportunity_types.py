"""The types of `opportunityView`: rows of all granularities, what filters and orders them, what they add up
to.
"""

from collections.abc import Callable, Mapping
from functools import cache

from salesmode.graph.blueprint import Blueprint, Member, field, list_of, plain, required, required_list_of
from salesmode.graph.filters import operators_of
from salesmode.graph.opportunities import RECORD, TYPE, opportunity_objects
from salesmode.graph.view import View, kind_of
from salesmode.model.field import Field
from salesmode.model.names import pascal
from salesmode.model.opportunity import GRANULARITIES
from salesmode.model.pipeline import STATUSES
from salesmode.queries.opportunity_rows import view_policy

_GRANULARITY, _STATUS = f"{TYPE}Granularity", f"{TYPE}Status"
_WHERE, _ORDER = f"{TYPE}Where", f"{TYPE}OrderBy"
_ENUMS: Mapping[str, tuple[str, ...]] = {_GRANULARITY: GRANULARITIES, _STATUS: STATUSES}

_MEMBERS: Mapping[str, Mapping[str, str]] = {
    f"{TYPE}Connection": {
        "edges": required_list_of(f"{TYPE}Edge"),
        "nodes": required_list_of(TYPE),
        "pageInfo": required("PageInfo"),
        "totalCount": required("Int"),
        "totals": required_list_of(f"{TYPE}Total"),
    },
    f"{TYPE}Edge": {"node": required(TYPE), "cursor": required("String")},
    TYPE: {
        "granularity": required(_GRANULARITY),
        "pipeline": required("String"),
        "label": required("String"),
        "status": _STATUS,
        "stage": "String",
        "stageLabel": "String",
        "amount": "Decimal",
        "closeDate": "Date",
        "record": required(RECORD),
    },
    f"{TYPE}Total": {"granularity": required(_GRANULARITY), "count": required("Int"), "amount": "Decimal"},
}


def opportunity_type(name: str, view: View) -> Blueprint | None:
    """The type of that name; None for a name that is none of them, and where the policy shows no
    opportunity.
    """
    found = _type(name, view)
    return found if found is not None and opportunity_objects(view) else None


def _type(name: str, view: View) -> Blueprint | None:
    enum = name.removesuffix("Filter")
    if name in _MEMBERS:
        return plain(name, _MEMBERS[name])
    if enum in _ENUMS:
        return _enum(name) if name == enum else _enum_filter(enum)
    return _BUILD[name](view) if name in _BUILD else None


def _record(view: View) -> Blueprint:
    return Blueprint(
        form="union",
        name=RECORD,
        description="What an opportunity is: a record of a pipeline, or a tag.",
        possible=lambda: [pascal(each) for each in opportunity_objects(view)],
    )


def _where(_view: View) -> Blueprint:
    fields = view_policy().comparable
    own = {"and": field(list_of(_WHERE)), "or": field(list_of(_WHERE)), "not": field(_WHERE)}
    members = own | {name: field(f"{_type_of(each)}Filter") for name, each in fields.items()}
    extensions = {"fields": cache(lambda: dict(fields))}
    return Blueprint(form="input", name=_WHERE, members=lambda: members, extensions=extensions)


def _order(_view: View) -> Blueprint:
    members: Mapping[str, Member] = {name: field("SortDirection") for name in view_policy().comparable}
    return Blueprint(form="input", name=_ORDER, members=lambda: members)


def _type_of(described: Field) -> str:
    return f"{TYPE}{pascal(described.name)}" if described.options else kind_of(described).scalar


def _enum(name: str) -> Blueprint:
    return Blueprint(form="enum", name=name, members=lambda: dict.fromkeys(_ENUMS[name]))


def _enum_filter(name: str) -> Blueprint:
    return Blueprint(form="input", name=f"{name}Filter", members=lambda: operators_of("choice", name))


_BUILD: Mapping[str, Callable[[View], Blueprint]] = {RECORD: _record, _WHERE: _where, _ORDER: _order}
