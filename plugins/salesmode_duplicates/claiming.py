"""Somebody claims a record for themselves or for another (D72)."""

from typing import Any

from salesmode.hookspecs import Desk, Problem, Refusal, UnitOf
from salesmode.model.label import Label
from salesmode.model.role import ADMIN
from salesmode_duplicates.asked import ruling_rules
from salesmode_duplicates.granted import holding
from salesmode_duplicates.pointing import CLAIM

KINDS = ("registered", "manual")


def claim(desk: Desk, object_: str, record: str, given: Any) -> UnitOf[str]:
    """Record a claim: `registered` for oneself by who may register, `manual` only by who may rule. FORBIDDEN
    for others; VALIDATION_FAILED without a reason, or for a user who is not there.
    """
    user, kind, reason = given.get("user") or desk.caller.id, given.get("kind"), str(given["reason"]).strip()
    if not _may_rule(desk, object_) and (
        kind == "manual" or user != desk.caller.id or not _may_register(desk, object_)
    ):
        raise Refusal("FORBIDDEN")
    problems = []
    if kind not in KINDS:
        problems.append(Problem(("kind",), "unknown_kind", _KIND))
    if not reason:
        problems.append(Problem(("reason",), "required", _REASON))
    if user is None or not (yield from desk.as_caller().read("user", [], ids=[user])):
        problems.append(Problem(("user",), "not_found", _USER))
    if problems:
        raise Refusal("VALIDATION_FAILED", problems=problems)
    row = {
        "object": object_,
        "record": record,
        "user": user,
        "kind": kind,
        "at": desk.now,
        "by": desk.caller.id,
        "reason": reason,
    }
    (id_,) = yield from desk.create(CLAIM, [row])
    return id_


def _may_rule(desk: Desk, object_: str) -> bool:
    """Whether the caller has one of the roles that the rule names; the system and administrators do."""
    return desk.caller.id is None or _has(desk, ruling_rules(desk.model)[object_].roles)


def _may_register(desk: Desk, object_: str) -> bool:
    roles = ruling_rules(desk.model)[object_].register
    return roles is None or _has(desk, roles)


def _has(desk: Desk, roles: frozenset[str]) -> bool:
    return not (roles | {ADMIN}).isdisjoint(holding(desk.model, desk.caller.roles))


_KIND = Label({"en": "A claim is `registered` or `manual`.", "zh": "主张类型应为 registered 或 manual。"})
_REASON = Label({"en": "A claim needs its reason.", "zh": "请填写理由。"})
_USER = Label({"en": "There is no such user.", "zh": "用户不存在。"})
