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
            "rivals": {"type": "multi_reference", "to": "deal"},
        },
    },
)
SAVED: Sequence[Mapping[str, Any]] = (
    {
        "kind": "list_view",
        "name": "large",
        "object": "deal",
        "where": {"amount": {"gte": 1}},
        "order_by": [{"amount": "desc"}],
    },
    {
        "kind": "list_view",
        "name": "planned",
        "object": "deal",
        "where": {"or": [{"secret_plan": {"contains": "a"}}, {"cost": {"gt": "$row.amount"}}]},
    },
    {
        "kind": "list_view",
        "name": "told",
        "object": "deal",
        "where": {"not": {"secret_plan": {"contains": "a"}}},
        "order_by": [{"grade": "asc"}],
    },
    {
        "kind": "list_view",
        "name": "below",
        "object": "deal",
        "where": {"parent": {"grade": ["a", "b"]}, "owner": {"name": {"isNull": False}}},
        "order_by": [{"parent": {"amount": "asc"}}],
    },
    {
        "kind": "queue",
        "name": "to_do",
        "object": "deal",
        "items": [
            {"name": "costly", "where": {"cost": {"gt": 1}}, "priority": 3},
            {"name": "closing", "where": {"amount": {"gt": 1}}, "due": "close_date", "priority": 2},
            {"name": "graded", "where": {"grade": {"ne": "b"}}, "due": "$today + 3d"},
        ],
    },
    {
        "kind": "report",
        "name": "months",
        "object": "deal",
        "where": {"name": {"isNull": False}},
        "dimensions": [{"close_date": "MONTH"}, "owner"],
        "measures": [{"count": True}, {"sum": "amount"}],
        "order_by": [{"sum": {"amount": "desc"}}],
    },
    {
        "kind": "report",
        "name": "plots",
        "object": "deal",
        "dimensions": ["parent.grade", "grade"],
        "measures": [{"count_distinct": "secret_plan"}, {"max": "amount"}],
    },
    {
        "kind": "report",
        "name": "reached",
        "object": "deal",
        "target": "sales",
        "period": {"field": "close_date", "unit": "YEAR"},
        "dimensions": ["owner"],
        "measures": [{"sum": "amount"}, {"count": True}],
    },
    {
        "kind": "target",
        "name": "sales",
        "object": "deal",
        "measure": {"sum": "amount"},
        "where": {"grade": {"ne": "c"}},
        "date": "close_date",
    },
    {
        "kind": "queue",
        "name": "plans",
        "items": [{"name": "planned", "object": "deal", "where": {"secret_plan": {"contains": "a"}}}],
    },
)
CLERK: Mapping[str, Any] = {
    "kind": "role",
    "name": "clerk",
    "objects": {
        "user": {"read": True, "fields": {"name": "read"}},
        "quota": {"read": {"where": {"user": "$user.id"}}, "fields": {"default": "read"}},
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
                "rivals": "read",
            },
        },
    },
}


TAKER: Mapping[str, Any] = {
    "kind": "role",
    "name": "taker",
    "objects": {
        "user": {"read": True, "fields": {"name": "read"}},
        "quota": {"read": {"where": {"user": "$user.id"}}, "fields": {"default": "read"}},
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
    return made(*SHOP, *SAVED, CLERK)


_WHERES = (OWN, {"grade": "a"}, {"amount": {"gt": 1}}, {"owner": {"team": {"in": "$user.teams"}}})
_SEEN = (*_WHERES, {"grants": {"some": {"user": "$user.id", "right": "view"}}}, {"parent": {"grade": "b"}})
_ABOUT = ({"deal": OWN}, {"deal": {"grade": "a"}}, {"text": {"contains": "a"}})
_OF_QUOTAS = ({"user": "$user.id"}, {"amount": {"gt": 1}})
_MASKS = ("full", "last4", "first1", "hash", {"partial": [1, 1]})
_RIGHTS = ("read", "create", "update", "delete", "export", "transfer", "share")

Wheres = Sequence[Mapping[str, Any]]


def _rights(wheres: Wheres) -> st.SearchStrategy[Any]:
    return st.sampled_from([True, True, False, *({"where": each} for each in wheres)])


@st.composite
def _cells(draw: st.DrawFn, wheres: Wheres) -> Any:
    kind = draw(st.sampled_from(("none", "read", "write", "masked", "where", "both", "mask")))
    if kind in ("where", "both", "mask"):
        cell: dict[str, Any] = {"read": {"where": draw(st.sampled_from(wheres))}}
        if kind == "both":
            cell["write"] = {"where": draw(st.sampled_from(wheres))}
        return cell | {"mask": draw(st.sampled_from(_MASKS))} if kind == "mask" else cell
    return kind


@st.composite
def _grants(draw: st.DrawFn, fields: Sequence[str], wheres: Wheres, rights: Sequence[str]) -> Any:
    grant = {each: draw(_rights(wheres)) for each in rights}
    grant["fields"] = {"name": "write", **{each: draw(_cells(wheres)) for each in fields}}
    if draw(st.booleans()):
        named = draw(st.lists(st.sampled_from(fields), unique=True, min_size=1, max_size=3))
        grant["unmask"] = {"where": draw(st.sampled_from(wheres)), "fields": named}
    return grant


@st.composite
def generated(draw: st.DrawFn) -> Sequence[Mapping[str, Any]]:
    """Documents: the shop with remarks on its deals, and a role `clerk` that may inherit another one."""
    app, deal = SHOP
    shown = {"secret_plan": {"type": "text", "mask": draw(st.sampled_from(_MASKS)), "searchable": True}}
    plain = {"name": {"type": "text", "searchable": draw(st.booleans())}}
    remark = {
        "kind": "object",
        "name": "remark",
        "fields": {
            **plain,
            "text": {"type": "text", "searchable": draw(st.booleans())},
            "score": {"type": "integer"},
            "deal": {"type": "reference", "to": "deal", "inverse": "remarks"},
        },
    }
    roles = [draw(_roles("clerk", ["helper"])), draw(_roles("helper", []))]
    return [app, {**deal, "fields": {**deal["fields"], **shown}}, remark, *SAVED, *roles]


@st.composite
def _roles(draw: st.DrawFn, name: str, above: Sequence[str]) -> Mapping[str, Any]:
    deals = tuple(each for each in SHOP[1]["fields"] if each != "name")
    objects = {
        "deal": draw(_grants((*deals, "owner"), _SEEN, _RIGHTS)),
        "remark": draw(_grants(("text", "score", "deal"), _ABOUT, _RIGHTS[:5])),
        "user": {"read": draw(st.booleans()), "fields": {"name": "read", "team": "read"}},
        "quota": {
            "read": draw(_rights(_OF_QUOTAS)),
            "fields": {each: draw(_cells(_OF_QUOTAS)) for each in ("target", "amount", "user", "starts_on")},
        },
    }
    if draw(st.booleans()):
        objects["remark"] = {"rights": {"from": "deal"}, "fields": objects["remark"]["fields"]}
    return {"kind": "role", "name": name, "inherits": list(above), "objects": objects}
