"""Targets: the types of `attainment`, and what `metadata` tells of them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from salesmode.access.asked import holders_asked, target_asked
from salesmode.graph.blueprint import Blueprint, Member, plain, required, required_list_of
from salesmode.graph.view import View
from salesmode.model.label import Label
from salesmode.model.names import camel
from salesmode.model.target import Target

_TARGET_NAME, _HOLDER = "TargetName", "QuotaHolder"
_TEXT = required("String")
_HOLDERS = {
    "user": "What each user is to reach, and has reached.",
    "team": "The same for each team, with the teams below it.",
}
_METADATA = "MetadataTarget"

ATTAINMENT_FIELD = Member(
    required_list_of("Attainment"),
    "What is to be reached and what is, by period: who has reached most comes first.",
    {
        "target": Member(required(_TARGET_NAME)),
        "from": Member(required("Date"), "The first day on which a period may begin."),
        "to": Member(required("Date"), "The last day on which a period may begin."),
        "by": Member(_HOLDER, "Users unless said."),
        "first": Member("Int"),
    },
)


def targets_offered(view: View) -> Iterator[Target]:
    """The targets that the policy may measure."""
    return (each for each in view.model.targets.values() if target_asked(each, view.policy, view.model))


def target_type(name: str, view: View) -> Blueprint | None:
    """One of the types around targets; None for any other, and where the policy is offered no target."""
    if name == _METADATA:
        return plain(
            name, {**dict.fromkeys(("name", "label", "object", "period", "date"), _TEXT), "sum": "String"}
        )
    if name not in (_TARGET_NAME, _HOLDER, "Attainment") or not any(True for _ in targets_offered(view)):
        return None
    holders = holders_asked(view.policy)
    if name == _TARGET_NAME:
        return _enum(name, {each.name: view.said(each.label) for each in targets_offered(view)})
    if name == _HOLDER:
        return _enum(name, {each.upper(): _HOLDERS[each] for each in holders})
    records = {each: each.capitalize() for each in holders}
    numbers = {"quota": "Decimal", "actual": required("Decimal"), "attainment": "Decimal", "gap": "Decimal"}
    return plain(name, {**records, "startsOn": required("Date"), **numbers})


def target_rows(view: View, text: Callable[[Label | None], str | None]) -> Iterator[Mapping[str, Any]]:
    """What `metadata` tells of them."""
    for each in targets_offered(view):
        yield {
            **{name: getattr(each, name) for name in ("name", "object", "period")},
            "label": text(each.label),
            "date": camel(each.date),
            "sum": None if each.field is None else camel(each.field),
        }


def _enum(name: str, members: Mapping[str, str]) -> Blueprint:
    return Blueprint(form="enum", name=name, members=lambda: members)
