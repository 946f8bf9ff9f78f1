"""Rights on a record, given to a user or to a team, and taken back (D26).

The record is the lock row (RULING 12): what is granted on it changes one write at a time. A grant is a record
of its own, written with the system's rights once the caller's right to share the record is known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import select

from salesmode.conditions.compile import as_boolean, compile_condition
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.diagnostics import Message, Problem, Refusal
from salesmode.model.condition import ALWAYS, Argument, Compare, Condition, negated
from salesmode.model.grant import CREDIT, GRANT, GRANTEES, GRANTS
from salesmode.records.attaching import Given, decoded, is_seen, remember, told
from salesmode.records.binding import one
from salesmode.records.checks import IDS, THESE
from salesmode.records.create import create
from salesmode.records.delete import delete
from salesmode.records.locking import Locked
from salesmode.records.removal import lock_sharable
from salesmode.records.shape import shaped
from salesmode.records.subject import Subject, WriteScope, subject_of
from salesmode.records.update import update
from salesmode.records.verbs import verb

_SHARES = Decimal(100)
_WHICH = (*GRANTEES, "right")
_TOLD = (*_WHICH, "share", "until")


@dataclass(frozen=True, slots=True)
class Standing:
    """A grant of the record. `current`: it has not run out."""

    id: str
    current: bool
    values: Given


@verb
def grant(
    scope: WriteScope, object_name: str, given: Given, environment: Environment
) -> UnitOf[tuple[str, ...]]:
    """Give a right on the record `id`; gives the record's id.

    `given`: `user` or `team`, `right`, and perhaps `share` (percent, for credit) and `until` (its last day).
    The same right given again takes what is new of these. VALIDATION_FAILED where credit would exceed 100 %,
    FORBIDDEN where no role that lets the caller share the record lets them give this.
    """
    subject = subject_of(scope, object_name)
    shares = subject_of(subject.system, GRANT)
    values = _shaped(shares, given)
    row, check = yield from lock_sharable(subject, str(given["id"]), environment)
    yield from _reach(subject, values, environment)
    standing = yield from _standing(shares, subject, row, environment)
    old = next(_same(standing, values), None)
    new = {**dict.fromkeys(_TOLD), **_kept(old), **values}
    _check_share(new, standing, old)
    if old is None:
        whole = {**new, object_name: row.id}
        given_ids = yield from create(subject.system, GRANT, [whole], environment, paths=[()])
    else:
        changes = {name: new[name] for name in ("share", "until")}
        given_ids = yield from update(subject.system, GRANT, [old.id], changes, environment)
    yield from _allowed(shares, given_ids, check, environment)
    before = old.values if old and old.current else None
    texts = told(shares, before), told(shares, new)
    return (yield from remember(subject, row, GRANTS, *texts, environment=environment))


@verb
def revoke(
    scope: WriteScope, object_name: str, given: Given, environment: Environment
) -> UnitOf[tuple[str, ...]]:
    """Take a right back; NOT_FOUND where it was not given. Gives the record's id."""
    subject = subject_of(scope, object_name)
    shares = subject_of(subject.system, GRANT)
    values = _shaped(shares, given)
    row, _ = yield from lock_sharable(subject, str(given["id"]), environment)
    standing = yield from _standing(shares, subject, row, environment)
    old = next(_same(standing, values), None)
    if old is None or not old.current:
        raise Refusal("NOT_FOUND")
    yield from delete(subject.system, GRANT, [old.id], environment)
    return (
        yield from remember(subject, row, GRANTS, told(shares, old.values), None, environment=environment)
    )


def _kept(old: Standing | None) -> Given:
    """What stays of a grant that is given again: one that has run out counts from now on without end."""
    if old is None:
        return {}
    return old.values if old.current else {**old.values, "until": None}


def _allowed(shares: Subject, ids: Sequence[str], check: Condition, environment: Environment) -> UnitOf[None]:
    """What the roles say of grants that they let somebody give."""
    if check == ALWAYS:
        return
    rows = yield one(_failing(shares, check), {IDS: tuple(ids)}, environment)
    if rows:
        raise Refusal("FORBIDDEN", problems=[Problem((), "check", Message("check"))])


@lru_cache(maxsize=512)
def _failing(shares: Subject, check: Condition) -> Statement:
    source = shares.source
    these, fails = (compile_condition(each, source, shares.system) for each in (THESE, negated(check)))
    return render(select(source.table.c.id).where(these, fails), shares.dialect)


def _shaped(shares: Subject, given: Given) -> Given:
    """The arguments as canonical values, or all that is wrong with them."""
    problems: list[Problem] = []
    asked = {name: value for name, value in given.items() if name in _TOLD}
    values = shaped(shares, "create", asked, path=(), problems=problems)
    if [values.get(name) is not None for name in GRANTEES].count(True) != 1 and not problems:
        problems.append(_problem("user", "one_grantee"))
    if values.get("right") != CREDIT and values.get("share") is not None:
        problems.append(_problem("share", "only_credit"))
    if problems:
        raise Refusal("VALIDATION_FAILED", problems=problems)
    return values


def _problem(argument: str, code: str, **values: object) -> Problem:
    return Problem((argument,), code, Message(code, values))


def _check_share(new: Given, standing: list[Standing], old: Standing | None) -> None:
    """Credit has a share, and all of it is at most 100 %; what has run out does not count."""
    if new["right"] != CREDIT:
        return
    share = new["share"]
    if not isinstance(share, Decimal):
        raise Refusal("VALIDATION_FAILED", problems=[_problem("share", "required")])
    others = (each for each in standing if each is not old and each.current)
    left = _SHARES - sum((_credit(each) for each in others), Decimal(0))
    if share > left:
        raise Refusal("VALIDATION_FAILED", problems=[_problem("share", "too_much_credit", left=left)])


def _credit(standing: Standing) -> Decimal:
    share = standing.values["share"]
    return share if standing.values["right"] == CREDIT and isinstance(share, Decimal) else Decimal(0)


def _same(standing: list[Standing], values: Given) -> Iterator[Standing]:
    """The grant of the same right to the same grantee; one that still counts first."""
    wanted = [values.get(name) for name in _WHICH]
    found = [each for each in standing if [each.values[name] for name in _WHICH] == wanted]
    return iter(sorted(found, key=lambda each: not each.current))


def _reach(subject: Subject, values: Given, environment: Environment) -> UnitOf[None]:
    """Whoever gets a right is somebody whom the caller sees."""
    name = next(each for each in GRANTEES if values.get(each) is not None)
    if not (yield from is_seen(subject, name, values[name], environment)):
        raise Refusal("VALIDATION_FAILED", problems=[_problem(name, "not_found")])


def _standing(
    shares: Subject, subject: Subject, row: Locked, environment: Environment
) -> UnitOf[list[Standing]]:
    """Every grant of the record that was not taken back."""
    rows = yield one(_of_record(shares, subject.object.name), {IDS: row.id}, environment)
    fields = [shares.object.fields[name] for name in _TOLD]
    return [
        Standing(
            str(found[0]),
            bool(found[1]),
            {each.name: decoded(shares, each, value) for each, value in zip(fields, found[2:], strict=True)},
        )
        for found in rows
    ]


@lru_cache(maxsize=512)
def _of_record(shares: Subject, object_name: str) -> Statement:
    source, fields = shares.source, shares.object.fields
    this = compile_condition(Compare(object_name, "eq", Argument((IDS,))), source, shares.system)
    current = as_boolean(shares.system.rows(source))
    columns = [source.table.c[fields[name].column] for name in _TOLD]
    rows = select(source.table.c.id, current, *columns).where(source.table.c.deleted_at.is_(None), this)
    return render(rows.order_by(source.table.c.id), shares.dialect)
