"""The fields that objects get because a rule or a pool names them. Nobody writes them but the engine."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Raw = Mapping[str, Any]
FieldsByObject = dict[str, dict[str, Raw]]

POOL_FIELD, POOLED_AT, SINCE = "pool", "pooled_at", "owned_since"
RECYCLE_AT, RECYCLE_RULE, KEPT_AT = "recycle_at", "recycle_rule", "kept_at"
ROUTED_BY, TIME_LIMIT = "routed_by", "sla_due"

_SINCE = {
    "type": "datetime",
    "readonly": True,
    "index": True,
    "history": False,
    "label": {"en": "With the owner since", "zh": "归属开始时间"},
}
_ROUTED: Mapping[str, Raw] = {
    SINCE: _SINCE,
    ROUTED_BY: {
        "type": "text",
        "readonly": True,
        "history": False,
        "max_length": 60,
        "label": {"en": "Routed by", "zh": "分配规则"},
    },
    TIME_LIMIT: {
        "type": "datetime",
        "readonly": True,
        "index": True,
        "history": False,
        "label": {"en": "To be touched by", "zh": "跟进时限"},
        "help": {"en": "Empty where no time limit runs any more.", "zh": "没有时限或时限已处理时为空。"},
    },
}
_POOLED: Mapping[str, Raw] = {
    POOLED_AT: {
        "type": "datetime",
        "readonly": True,
        "history": False,
        "label": {"en": "In the pool since", "zh": "进入公海时间"},
    },
    SINCE: _SINCE,
    RECYCLE_AT: {
        "type": "datetime",
        "readonly": True,
        "index": True,
        "label": {"en": "Goes back to the pool", "zh": "预计回收时间"},
    },
    RECYCLE_RULE: {
        "type": "text",
        "readonly": True,
        "history": False,
        "max_length": 130,
        "label": {"en": "Recycling rule", "zh": "回收规则"},
    },
    KEPT_AT: {
        "type": "datetime",
        "readonly": True,
        "label": {"en": "Kept for a last attempt", "zh": "申请保留时间"},
    },
}


def fields_of_rules(documents: Sequence[Raw]) -> FieldsByObject:
    """What each object gets that some rule gives away."""
    return {name: dict(_ROUTED) for name in _objects(documents)}


def fields_of_pools(documents: Sequence[Raw]) -> FieldsByObject:
    """What each object gets that has a pool; the pools are the options of its field `pool`."""
    return {name: {POOL_FIELD: _pool_field(name, documents), **_POOLED} for name in _objects(documents)}


def _objects(documents: Iterable[Raw]) -> list[str]:
    return list(dict.fromkeys(str(each["object"]) for each in documents))


def _pool_field(object_: str, documents: Sequence[Raw]) -> Raw:
    mine = (each for each in documents if each["object"] == object_)
    options = [
        {"name": each["name"], **({"label": each["label"]} if "label" in each else {})} for each in mine
    ]
    label = {"en": "Public pool", "zh": "公海"}
    return {"type": "choice", "readonly": True, "index": True, "options": options, "label": label}
