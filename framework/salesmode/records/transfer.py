"""Handing over what somebody owns, in one operation (D8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from salesmode.access.scope import PolicyScope
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.diagnostics import Message, Problem, Refusal
from salesmode.model.condition import Argument, Compare
from salesmode.records.alteration import lock_rows
from salesmode.records.altering import Altered, Change, judge_altered, permitted, write_altered
from salesmode.records.automatic import keep_tags, touches
from salesmode.records.collisions import settle
from salesmode.records.entries import Entry
from salesmode.records.history import changed, record
from salesmode.records.hooking import after_all
from salesmode.records.judging import Findings
from salesmode.records.locking import asked_ids, lock
from salesmode.records.references import held_ids, held_variables
from salesmode.records.subject import OWNER, Subject, WriteScope, subject_of

_FROM = "$from"
_OWNED_BY = Compare(OWNER, "eq", Argument((_FROM,)))
_PATH = ("to",)


def transfer_ownership(
    scope: WriteScope,
    from_: str,
    to: str | None,
    environment: Environment,
    *,
    objects: Sequence[str] | None = None,
) -> UnitOf[Mapping[str, tuple[str, ...]]]:
    """Give what one user owns to another one, or to nobody (a pool); gives the ids by object, however many.

    `objects`: which; all that the caller may transfer unless told, and BAD_REQUEST for any other. It is
    about the records that the caller sees: FORBIDDEN, and nothing is handed over, where one of them may not
    be transferred.
    """
    owner = None if to is None else asked_ids([to])[0]
    given = environment.with_variables({_FROM: asked_ids([from_])[0]})
    altered: list[Altered] = []
    for subject in _subjects(scope, objects):
        altered += yield from _locked(subject, owner, given)
    try:
        yield from _handed_over(altered, environment)
    except Refusal as refusal:
        raise Refusal(refusal.code, refusal.message, problems=_of_argument(refusal.problems)) from refusal
    return {each.plan.law.subject.object.name: tuple(row.id for row in each.rows) for each in altered}


def _subjects(scope: WriteScope, objects: Sequence[str] | None) -> list[Subject]:
    names = scope.model.objects if objects is None else dict.fromkeys(objects)
    known = [subject_of(scope, name) for name in names if objects is not None or _known(scope, name)]
    usable = [each for each in known if _transferable(each)]
    if objects is not None and len(usable) < len(known):
        raise Refusal("BAD_REQUEST", Message("not_transferable"))
    return usable


def _known(scope: WriteScope, name: str) -> bool:
    return not isinstance(scope, PolicyScope) or name in scope.policy.objects


def _transferable(subject: Subject) -> bool:
    return subject.object.owned and subject.comparable(OWNER) and bool(subject.grants("transfer"))


def _locked(subject: Subject, owner: str | None, environment: Environment) -> UnitOf[list[Altered]]:
    """What the user owns, if the caller may give it away."""
    supplied = {OWNER: owner}
    wanted, statement = lock_rows(subject, frozenset(supplied), where=_OWNED_BY, operation="transfer")
    held = held_variables(held_ids([(subject, OWNER, owner)]))
    rows = yield from lock(statement, wanted, environment.with_variables(held))
    changes = [Change(row, supplied, _PATH) for row in rows]
    return [permitted(subject, changes, environment, operation="transfer")] if changes else []


def _handed_over(altered: list[Altered], environment: Environment) -> UnitOf[None]:
    findings = Findings()
    for at, each in enumerate(altered):
        altered[at] = yield from write_altered(each, environment)
        yield from judge_altered(altered[at], environment, findings)
    yield from settle(findings, environment)
    entries: list[Entry] = []
    for each in altered:
        entries += changed(each.plan.law.subject, "updated", each.rows)
    written = [(each.plan.law.subject, row) for each in altered for row in each.rows]
    for each in altered[:1]:
        yield from record(each.plan.law.subject, entries, environment)
        yield from keep_tags(each.plan.law.subject.scope, touches(written), environment)
    yield from after_all(written, environment)


def _of_argument(problems: Iterable[Problem]) -> Iterable[Problem]:
    """What is wrong with the new owner is told of the argument and not of the field."""
    field = (*_PATH, OWNER)
    return [replace(each, path=_PATH) if each.path == field else each for each in problems]
