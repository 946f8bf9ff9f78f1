"""What the schema has of `explainAccess` and `explainStage`, for administrators."""

from collections.abc import Mapping

from salesmode.access.compose import ALMIGHTY
from salesmode.access.explain import EMPTY, HIDDEN, MASKED, SEEN
from salesmode.graph.blueprint import Blueprint, list_of, plain, required, required_list_of
from salesmode.graph.view import View

EXPLAIN_ACCESS, EXPLAIN_STAGE = "explainAccess", "explainStage"
EXPLANATIONS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    EXPLAIN_ACCESS: (
        "AccessExplanation",
        {
            "user": required("String"),
            "object": required("ObjectName"),
            "id": required("ID"),
            "field": "String",
        },
    ),
    EXPLAIN_STAGE: (
        "StageExplanation",
        {"object": required("ObjectName"), "id": required("ID"), "to": "String"},
    ),
}
"""The fields of Query: the type of each, and its arguments."""

_MEMBERS: Mapping[str, Mapping[str, str]] = {
    "AccessExplanation": {
        "user": required("String"),
        "roles": required_list_of("String"),
        "record": required("AccessDecision"),
        "field": "AccessDecision",
        "unmask": required_list_of("AccessRule"),
        "text": required_list_of("String"),
    },
    "AccessDecision": {
        "outcome": required("AccessOutcome"),
        "rules": required_list_of("AccessRule"),
        "nearest": "AccessChange",
        "elsewhere": required_list_of("AccessRule"),
    },
    "AccessRule": {
        "role": required("String"),
        "file": "String",
        "line": "Int",
        "rows": required_list_of("AccessCondition"),
        "shown": required_list_of("AccessCondition"),
        "masked": required("Boolean"),
        "addOn": required("Boolean"),
        "denied": required("Boolean"),
    },
    "AccessCondition": {"text": required("String"), "holds": "Boolean"},
    "StageExplanation": {
        "pipeline": required("String"),
        "stage": required("String"),
        "stages": required_list_of("StageAhead"),
        "text": required_list_of("String"),
    },
    "StageAhead": {
        "name": required("String"),
        "label": required("String"),
        "allowed": required("Boolean"),
        "roles": list_of("String"),
        "obstacles": required_list_of("StageObstacle"),
    },
    "StageObstacle": {
        "code": required("String"),
        "message": required("String"),
        "name": "String",
        "field": "String",
        "file": "String",
        "line": "Int",
        "missing": required_list_of("String"),
    },
    "AccessChange": {
        "role": required("String"),
        "file": "String",
        "line": "Int",
        "missing": required_list_of("String"),
    },
}
_OUTCOMES: Mapping[str, str] = {
    SEEN: "The record, or the value, is shown.",
    MASKED: "The value is shown through its mask.",
    EMPTY: "The record is shown, and null for the value.",
    HIDDEN: "The record is not there for the user.",
}


def can_explain(view: View, name: str = EXPLAIN_ACCESS) -> bool:
    """Administrators: they see everything that an explanation tells."""
    there = name != EXPLAIN_STAGE or bool(view.model.pipelines)
    return there and not ALMIGHTY.isdisjoint(view.policy.roles)


def explanation_type(name: str, view: View) -> Blueprint | None:
    """One of the types of an explanation, for who has it."""
    if not can_explain(view, EXPLAIN_STAGE if name.startswith("Stage") else EXPLAIN_ACCESS):
        return None
    if name == "AccessOutcome":
        return Blueprint(form="enum", name=name, members=lambda: _OUTCOMES)
    if name not in _MEMBERS:
        return None
    return plain(name, _MEMBERS[name])
