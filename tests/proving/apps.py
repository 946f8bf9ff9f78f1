"""Small apps for proving, as YAML; one has a role for every kind of right, the others are generated."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from hypothesis import strategies as st

from salesmode.compiler import compile_texts
from salesmode.model.app import Model

OWN = {"owner": "$user.id"}
SHOP: Sequence[Mapping[str, Any]] = (
    {
        "kind": "app",
        "name": "shop",
        "version": "1.0.0",
        "locales": ["en"],
        "currency": "EUR",
        "timezone": "Europe/Berlin",
    },
    {
        "kind": "object",
        "name": "deal",
        "owned": True,
        "fields": {
            "name": {"type": "text", "required": True, "searchable": True},
            "amount": {"type": "money"},
            "cost": {"type": "money"},
            "secret_plan": {"type": "text", "mask": "last4"},
            "close_date": {"type": "date"},
            "grade": {"type": "choice", "options": ["a", "b", "c"]},
            "parent": {"type": "reference", "to": "deal", "tree": True, "inverse": "parts"},
        },
    },
)
CLERK: Mapping[str, Any] = {
    "kind": "role",
    "name": "clerk",
    "objects": {
        "user": {"read": True, "fields": {"name": "read"}},
        "deal": {
            "read": {"where": {"grade": ["a", "b"]}},
            "create": True,
            "update": {"where": OWN},
            "delete": {"where": OWN},
            "fields": {
                "name": "write",
                "amount": {"read": {"where": OWN}},
                "secret_plan": {"read": {"where": OWN}, "mask": "last4"},
                "close_date": "write",
                "grade": {"read": {"where": OWN}, "write": {"where": {"grade": "a"}}},
                "owner": "read",
                "parent": "read",
            },
        },
    },
}


TAKER: Mapping[str, Any] = {
    "kind": "role",
    "name": "taker",
    "objects": {
        "user": {"read": True, "fields": {"name": "read"}},
        "deal": {
            "read": {"where": {"grade": ["a", "b"]}},
            "create": True,
            "update": {"where": OWN},
            "delete": {"where": OWN},
            "share": {"where": OWN},
            "transfer": {"where": OWN},
            "export": {"where": {"grade": "a"}},
            "unmask": {"where": OWN, "per_day": 5},
            "fields": {
                "name": "write",
                "amount": {"read": {"where": OWN}, "write": {"where": OWN}},
                "secret_plan": {"read": "masked", "mask": "last4"},
                "close_date": {"read": {"where": {"grade": "a"}}, "mask": "bucket"},
                "grade": "read",
                "owner": "read",
                "parent": {"read": {"where": OWN}},
            },
        },
    },
}


def made(*documents: Mapping[str, Any]) -> Model:
    text = yaml.safe_dump_all([dict(each) for each in documents], allow_unicode=True, sort_keys=False)
    return compile_texts({"app.yaml": text}).model


def shop() -> Model:
    return made(*SHOP, CLERK)


_FIELDS = ("amount", "cost", "secret_plan", "close_date", "grade", "owner", "parent")
_WHERES = (OWN, {"grade": "a"}, {"amount": {"gt": 1}}, {"owner": {"team": {"in": "$user.teams"}}})


def _rights() -> st.SearchStrategy[Any]:
    return st.sampled_from([True, True, False, *({"where": each} for each in _WHERES)])


@st.composite
def _cells(draw: st.DrawFn) -> Any:
    kind = draw(st.sampled_from(("none", "read", "write", "masked", "where", "both")))
    if kind in ("where", "both"):
        cell = {"read": {"where": draw(st.sampled_from(_WHERES))}}
        return {**cell, "write": {"where": draw(st.sampled_from(_WHERES))}} if kind == "both" else cell
    return kind


@st.composite
def generated(draw: st.DrawFn) -> Mapping[str, Any]:
    """A role of the shop."""
    fields = {name: draw(_cells()) for name in _FIELDS}
    deal = {each: draw(_rights()) for each in ("read", "create", "update", "delete")}
    users = {"read": draw(st.booleans()), "fields": {"name": "read", "team": "read"}}
    objects = {"deal": {**deal, "fields": {"name": "write", **fields}}, "user": users}
    return {"kind": "role", "name": "clerk", "objects": objects}
