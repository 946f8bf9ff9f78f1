"""The answer to `explainAccess`: why a user sees a record, and a field of it.

It says the same as `salesmode explain access`: which role, rule, file and line decided, and the nearest
change that would decide otherwise.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from salesmode.access.compose import policy_of
from salesmode.access.explain import Decision, Explanation, Lack, Rule, leaves
from salesmode.access.scope import SystemScope
from salesmode.access.telling import told
from salesmode.conditions.spell import spelled
from salesmode.database.driver import Database
from salesmode.database.environment import Environment, getter
from salesmode.database.unit import Step
from salesmode.diagnostics import Message, Refusal
from salesmode.fieldtypes import Invalid
from salesmode.fieldtypes.identifier import checked_id
from salesmode.graph.files import Files, files_of
from salesmode.graph.picked import picked
from salesmode.graph.plans import Explain
from salesmode.model.condition import Condition, Const
from salesmode.model.names import camel
from salesmode.model.object import Object
from salesmode.queries.explain import explained
from salesmode.queries.profile import Profile

Value = Mapping[str, Any]


async def explanation(
    part: Explain, environment: Environment, scope: SystemScope, database: Database
) -> bytes:
    """The JSON text of the field. NOT_FOUND where there is no such active user or no such record."""
    given = {name: getter(leaf)(environment) for name, leaf in part.arguments.items()}
    object_name = str(given["object"])
    about = _field(scope.model.objects[object_name], given.get("field"))
    who = await _who(str(given["user"]), environment, scope, database)
    roles = who.user["roles"]
    assert isinstance(roles, tuple)
    found = await explained(
        database,
        scope,
        policy_of(scope.model, roles),
        who,
        object_name=object_name,
        id=_id(given["id"]) or "",
        field=about,
    )
    if found is None:
        raise Refusal("NOT_FOUND")
    whole = _Told(found, files_of(scope.model)).whole()
    return orjson.dumps(picked(whole, part.picks))


async def _who(name: str, environment: Environment, scope: SystemScope, database: Database) -> Environment:
    """The environment of the user of that name or id."""
    id_ = _id(name)
    profile = Profile(scope.tables, by="name" if id_ is None else "id")
    arguments = profile.arguments(id_ or name, environment)
    rows = await database.fetch(Step(profile.statement.sql, arguments))
    user = profile.user(rows[0]) if rows else {"active": False}
    if user.get("active", True) is not True:
        raise Refusal("NOT_FOUND")
    return replace(environment, user=user, variables={})


def _id(value: Any) -> str | None:
    try:
        return checked_id(value)
    except Invalid:
        return None


def _field(object_: Object, name: Any) -> str | None:
    """The field of that name, as the API spells it or as the metadata does."""
    if name is None:
        return None
    known = {camel(each): each for each in object_.fields} | {each: each for each in object_.fields}
    if name not in known:
        raise Refusal("BAD_REQUEST", Message("unknown_name", {"name": str(name)}))
    return known[str(name)]


@dataclass(frozen=True)
class _Told:
    """The explanation as values."""

    found: Explanation
    files: Files

    def whole(self) -> Value:
        found = self.found
        shown = None if found.shown is None else self._decision(found.shown, found.elsewhere)
        return {
            "__typename": "AccessExplanation",
            "user": found.user,
            "roles": list(found.roles),
            "record": self._decision(found.record, () if found.shown else found.elsewhere),
            "field": shown,
            "unmask": self._rules(found.unmask),
            "text": list(told(found, self.files.place)),
        }

    def _decision(self, decision: Decision, elsewhere: Iterable[Rule]) -> Value:
        return {
            "__typename": "AccessDecision",
            "outcome": decision.outcome,
            "rules": self._rules(decision.by),
            "nearest": None if decision.nearest is None else self._change(decision.nearest),
            "elsewhere": self._rules(elsewhere),
        }

    def _rules(self, rules: Iterable[Rule]) -> list[Value]:
        return [
            {
                "__typename": "AccessRule",
                "role": rule.role,
                **self.files.where(rule.span),
                "rows": self._conditions(rule.rows),
                "shown": self._conditions(rule.clear),
                "masked": rule.masked,
                "addOn": rule.add_on,
                "denied": rule.denied,
            }
            for rule in rules
        ]

    def _conditions(self, condition: Condition) -> list[Value]:
        """The whole, and what it is joined of; whether it holds is known of the user's own roles."""
        parts = dict.fromkeys((condition, *leaves(condition)))
        return [
            {"__typename": "AccessCondition", "text": spelled(each), "holds": self._holds(each)}
            for each in parts
        ]

    def _holds(self, condition: Condition) -> bool | None:
        return condition.holds if isinstance(condition, Const) else self.found.truths.get(condition)

    def _change(self, lack: Lack) -> Value:
        missing = [spelled(each) for each in lack.missing]
        where = self.files.where(lack.rule.span)
        return {"__typename": "AccessChange", "role": lack.rule.role, **where, "missing": missing}
