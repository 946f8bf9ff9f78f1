"""The engine's desk: what a plugin asks for becomes errands within its unit of work."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from salesmode.access.compose import policy_of
from salesmode.access.scope import PolicyScope, SystemScope
from salesmode.database.driver import UnitOf as EngineUnit
from salesmode.database.environment import Environment
from salesmode.database.unit import Step
from salesmode.diagnostics import Refusal
from salesmode.hooks.decisions import CommissionLine, Decision, MatchKey, Ruling
from salesmode.hooks.desk import Caller, Desk, Errand, Record, UnitOf, Where
from salesmode.model.app import Model
from salesmode.model.computed import Formula
from salesmode.model.condition import Value
from salesmode.model.names import camel
from salesmode.model.object import Object
from salesmode.plugins import plugins_of, shown
from salesmode.records.desks import reading
from salesmode.records.desks.calling import Code
from salesmode.records.desks.reading import Asked, evaluate, read
from salesmode.records.desks.totals import total
from salesmode.records.desks.wheres import condition_of
from salesmode.records.filling import resolved
from salesmode.records.subject import Subject, WriteScope, subject_of
from salesmode.records.verbs import done

T = TypeVar("T")

DECISIONS: Mapping[str, type] = {
    "route": Decision,
    "commission_lines": CommissionLine,
    "match_keys": MatchKey,
    "adjudicate": Ruling,
}
"""What each of these hooks gives: `adjudicate` one, the others any number."""

DEEPEST = 8
_SAVEPOINT = "sm_attempt"


def desk_of(scope: WriteScope, environment: Environment) -> Desk:
    """A desk with the rights of the system for what happens at that depth."""
    return UnitDesk(SystemScope(scope.tables), environment)


@dataclass(frozen=True, slots=True)
class UnitDesk:
    """`hooks.desk.Desk`."""

    scope: WriteScope
    environment: Environment

    @property
    def model(self) -> Model:
        return self.scope.tables.model

    @property
    def now(self) -> datetime:
        return self.environment.now

    @property
    def caller(self) -> Caller:
        id_, roles = self.environment.user.get("id"), self.environment.user.get("roles", ())
        assert isinstance(roles, Iterable)
        locale = self.environment.locale
        return Caller(None if id_ is None else str(id_), frozenset(map(str, roles)), locale)

    def as_caller(self) -> Desk:
        caller = self.caller
        if caller.id is None:
            return self
        policy = policy_of(self.model, caller.roles)
        return replace(self, scope=PolicyScope(self.scope.tables, policy))

    def resolve(
        self, object: str, values: Mapping[str, Value], *, record: Record | None = None
    ) -> Mapping[str, Any]:
        fields, environment = self._object(object).fields, self._about(record)
        found: dict[str, Any] = {}
        for name, value in values.items():
            found[name] = resolved(value, fields[name], found, environment)
        return found

    def settings(self, plugin: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = filled_in(self.model.settings.get(plugin, {}))
        return found

    def read(
        self,
        object: str,
        fields: Sequence[str],
        *,
        where: Where | None = None,
        ids: Sequence[str] | None = None,
        record: Record | None = None,
        order: Sequence[str] = (),
        first: int | None = None,
        lock: bool = False,
        deleted: bool = False,
    ) -> UnitOf[list[Record]]:
        subject = self._subject(object)
        if deleted and subject.policy is not None:
            raise ValueError("what was deleted is read with the rights of the system")
        condition = condition_of(where, subject.object, self.model)
        asked = Asked(tuple(fields), condition, tuple(order), lock=lock, deleted=deleted)
        unit = read(subject, asked, self._about(record), ids=ids, first=first)
        rows: list[Record] = yield Errand(unit)
        return rows

    def shown(self, object: str, fields: Sequence[str], ids: Sequence[str]) -> UnitOf[list[Record]]:
        unit = reading.shown(self._subject(object), fields, ids, self.environment)
        rows: list[Record] = yield Errand(unit)
        return rows

    def count(
        self,
        object: str,
        *,
        where: Where | None = None,
        by: Sequence[str] = (),
        record: Record | None = None,
    ) -> UnitOf[dict[Any, int]]:
        return (yield from self._total(object, None, where, by, record))

    def sum(
        self,
        object: str,
        field: str,
        *,
        where: Where | None = None,
        by: Sequence[str] = (),
        record: Record | None = None,
    ) -> UnitOf[dict[Any, Any]]:
        return (yield from self._total(object, field, where, by, record))

    def _total(
        self, object: str, field: str | None, where: Where | None, by: Sequence[str], record: Record | None
    ) -> UnitOf[dict[Any, Any]]:
        subject = self._subject(object)
        condition = condition_of(where, subject.object, self.model)
        unit = total(subject, field, tuple(by), where=condition, environment=self._about(record))
        found: dict[Any, Any] = yield Errand(unit)
        return found

    def matching(
        self, object: str, ids: Sequence[str], where: Where, *, record: Record | None = None
    ) -> UnitOf[frozenset[str]]:
        rows = yield from self.read(object, (), where=where, ids=ids, record=record)
        return frozenset(str(each["id"]) for each in rows)

    def evaluate(self, object: str, ids: Sequence[str], formula: Formula) -> UnitOf[dict[str, Any]]:
        unit = evaluate(self._subject(object), ids, formula.expression, self.environment)
        values: dict[str, Any] = yield Errand(unit)
        return values

    def create(self, object: str, rows: Sequence[Mapping[str, Any]]) -> UnitOf[tuple[str, ...]]:
        self._know(object, rows)
        ids: tuple[str, ...] = yield self._write("create", object, rows, most=None)
        return ids

    def update(
        self, object: str, changes: Mapping[str, Mapping[str, Any]], *, touch: bool = False
    ) -> UnitOf[None]:
        self._know(object, changes.values())
        self._free(*changes)
        yield self._write("update_each", object, changes, touch=touch)

    def delete(self, object: str, ids: Sequence[str]) -> UnitOf[None]:
        self._free(*ids)
        yield self._write("delete", object, ids)

    def restore(self, object: str, ids: Sequence[str]) -> UnitOf[None]:
        self._free(*ids)
        yield self._write("restore", object, ids)

    def move(
        self,
        object: str,
        id: str,
        to: str,
        values: Mapping[str, Any] | None = None,
        *,
        comment: str | None = None,
    ) -> UnitOf[None]:
        self._know(object, [values or {}])
        self._free(id)
        yield self._write("move", object, id, to, values or {}, comment=comment)

    def tag(
        self,
        object: str,
        id: str,
        tag: str,
        values: Mapping[str, Any] | None = None,
        *,
        state: str | None = None,
    ) -> UnitOf[None]:
        spelled = None if values is None else {camel(name): value for name, value in values.items()}
        given = {"id": id, "tag": tag} if state is None else {"id": id, "tag": tag, "state": state}
        self._free(id)
        yield self._write("tag", object, given, spelled)

    def untag(self, object: str, id: str, tag: str) -> UnitOf[None]:
        self._free(id)
        yield self._write("untag", object, {"id": id, "tag": tag})

    def grant(
        self,
        object: str,
        id: str,
        right: str,
        *,
        user: str | None = None,
        team: str | None = None,
        share: Decimal | None = None,
        until: date | None = None,
    ) -> UnitOf[None]:
        given = {"id": id, "right": right, "user": user, "team": team, "share": share, "until": until}
        self._free(id)
        yield self._write("grant", object, {name: each for name, each in given.items() if each is not None})

    def revoke(
        self, object: str, id: str, right: str, *, user: str | None = None, team: str | None = None
    ) -> UnitOf[None]:
        given = {"id": id, "right": right, "user": user, "team": team}
        self._free(id)
        yield self._write("revoke", object, {name: each for name, each in given.items() if each is not None})

    def absorb(self, object: str, parts: Sequence[str], into: str) -> UnitOf[None]:
        yield self._write("absorb", object, parts, into)

    def release(self, object: str, parts: Sequence[str], from_: str) -> UnitOf[None]:
        yield self._write("release", object, parts, from_)

    def attempt(self, work: UnitOf[T]) -> UnitOf[T | Refusal]:
        yield Errand(_run(f"SAVEPOINT {_SAVEPOINT}"))
        try:
            found = yield from work
        except Refusal as refusal:
            back = _run(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}", f"RELEASE SAVEPOINT {_SAVEPOINT}")
            yield Errand(back, "taking_back")
            return refusal
        yield Errand(_run(f"RELEASE SAVEPOINT {_SAVEPOINT}"))
        return found

    def ask(self, hook: str, **arguments: Any) -> UnitOf[list[tuple[str, Any]]]:
        if hook not in DECISIONS:
            raise ValueError(f"`{hook}` is no hook that plugins ask each other")
        found: list[tuple[str, Any]] = yield Errand(self._answers(hook, arguments), "writing")
        return found

    def _answers(self, hook: str, arguments: Mapping[str, Any]) -> EngineUnit[list[tuple[str, Any]]]:
        found = []
        for plugin, call in plugins_of(self.model.app.plugins).calls(hook):
            code, desk = plugged(plugin, hook, self.scope, self.environment)
            answer = yield from code.called(partial(call, desk=desk, **arguments))
            if answer is not None:
                _check(code, hook, answer)
                found.append((plugin, answer))
        return found

    def _write(self, verb: str, object: str, *arguments: Any, **options: Any) -> Errand:
        self._object(object)
        return Errand(done(verb, self.scope, object, *arguments, self.environment, **options), "writing")

    def _object(self, name: str) -> Object:
        found = self.model.objects.get(name)
        if found is None:
            raise ValueError(f"there is no object '{name}'")
        return found

    def _subject(self, name: str) -> Subject:
        self._object(name)
        return subject_of(self.scope, name)

    def _know(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        object_ = self._object(name)
        wrong = {each for row in rows for each in row} - {*object_.fields, *object_.inverses}
        if wrong:
            raise ValueError(f"'{name}' has no field {', '.join(sorted(wrong))}")

    def _free(self, *ids: str) -> None:
        busy = self.environment.busy.intersection(each.lower() for each in ids)
        if busy:
            raise ValueError(f"{', '.join(sorted(busy))} is just being written: give it values by `set`")

    def _about(self, record: Record | None) -> Environment:
        return self.environment if record is None else replace(self.environment, record=record)


def plugged(
    plugin: str, hook: str, scope: WriteScope, environment: Environment, *, busy: frozenset[str] = frozenset()
) -> tuple[Code, Desk]:
    """How a hook of a plugin is called from there, and its desk. INTERNAL for a circle. `busy`: the ids of
    rows that are just being written.
    """
    code = Code(plugin, hook, scope.tables.model.app.plugin_timeout)
    if environment.depth >= DEEPEST:
        raise code.circle()
    inner = replace(environment, depth=environment.depth + 1, busy=environment.busy | busy)
    return code, desk_of(scope, inner)


def _check(code: Code, hook: str, answer: object) -> None:
    wanted = DECISIONS[hook]
    if hook == "adjudicate":
        if not isinstance(answer, wanted):
            raise code.nonsense(f"a {wanted.__name__} is expected, not {shown(answer)}")
        return
    if not isinstance(answer, Sequence) or not all(isinstance(each, wanted) for each in answer):
        raise code.nonsense(f"a sequence of {wanted.__name__} is expected, not {shown(answer)}")


def filled_in(value: Any) -> Any:
    """Settings with what the environment says. ValueError where it says nothing."""
    match value:
        case {"env": str(name)} if len(value) == 1:
            if name not in os.environ:
                raise ValueError(f"the environment has no {name}")
            return os.environ[name]
        case Mapping():
            return {key: filled_in(each) for key, each in value.items()}
        case list() | tuple():
            return [filled_in(each) for each in value]
        case _:
            return value


def _run(*statements: str) -> EngineUnit[None]:
    for each in statements:
        yield Step(each, ())
