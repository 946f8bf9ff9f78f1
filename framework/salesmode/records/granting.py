"""Rights on a record, given to a user or to a team, and taken back (D26).

The record is the lock row (RULING 12): what is granted on it changes one write at a time. A grant is a record
of its own, written with the system's rights once the caller's right to share the record is known.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import orjson
from sqlalchemy import select

from salesmode.conditions.compile import as_boolean, compile_condition
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.diagnostics import Message, Problem, Refusal
from salesmode.fieldtypes import field_type
from salesmode.model.condition import Argument, Compare, both
from salesmode.model.field import Field
from salesmode.model.grant import CREDIT, GRANT, GRANTEES, GRANTS
from salesmode.records.alteration import update_statement
from salesmode.records.atoms import Atoms
from salesmode.records.binding import one
from salesmode.records.checks import IDS, Checks, checks
from salesmode.records.create import create
from salesmode.records.delete import delete
from salesmode.records.filling import stamp
from salesmode.records.history import Entry, json_text, record
from salesmode.records.locking import Locked
from salesmode.records.problems import ID
from salesmode.records.removal import lock_sharable
from salesmode.records.rules import kept
from salesmode.records.shape import shaped
from salesmode.records.subject import Subject, WriteScope, subject_of
from salesmode.records.update import update

Given = Mapping[str, object]

_SHARES = Decimal(100)
_WHICH = (*GRANTEES, "right")
_TOLD = (*_WHICH, "share", "until")


@dataclass(frozen=True, slots=True)
class Standing:
    """A grant of the record. `current`: it has not run out."""

    id: str
    current: bool
    values: Given


def grant(
    scope: WriteScope, object_name: str, given: Given, environment: Environment
) -> UnitOf[tuple[str, ...]]:
    """Give a right on the record `id`; gives the record's id.

    `given`: `user` or `team`, `right`, and perhaps `share` (percent, for credit) and `until` (its last day).
    The same right given again takes what is new of these. VALIDATION_FAILED where credit would exceed 100 %.
    """
    subject = subject_of(scope, object_name)
    shares = subject_of(subject.system, GRANT)
    values = _shaped(shares, given)
    row = yield from lock_sharable(subject, str(given["id"]), environment)
    yield from _reach(subject, values, environment)
    standing = yield from _standing(shares, subject, row, environment)
    old = next(_same(standing, values), None)
    new = {**dict.fromkeys(_TOLD), **(old.values if old else {}), **values}
    _check_share(new, standing, old)
    if old is None:
        whole = {**new, object_name: row.id}
        yield from create(subject.system, GRANT, [whole], environment, paths=[()])
    else:
        changes = {name: new[name] for name in ("share", "until")}
        yield from update(subject.system, GRANT, [old.id], changes, environment)
    before = old.values if old and old.current else None
    return (yield from _remember(subject, row, before, new, environment=environment))


def revoke(
    scope: WriteScope, object_name: str, given: Given, environment: Environment
) -> UnitOf[tuple[str, ...]]:
    """Take a right back; NOT_FOUND where it was not given. Gives the record's id."""
    subject = subject_of(scope, object_name)
    shares = subject_of(subject.system, GRANT)
    values = _shaped(shares, given)
    row = yield from lock_sharable(subject, str(given["id"]), environment)
    standing = yield from _standing(shares, subject, row, environment)
    old = next(_same(standing, values), None)
    if old is None or not old.current:
        raise Refusal("NOT_FOUND")
    yield from delete(subject.system, GRANT, [old.id], environment)
    return (yield from _remember(subject, row, old.values, None, environment=environment))


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
    """RULING 19: whoever gets a right is somebody whom the caller sees. Held until the transaction ends."""
    name = next(each for each in GRANTEES if values.get(each) is not None)
    found = yield one(_seen(subject, name), {IDS: values[name]}, environment)
    if not found:
        raise Refusal("VALIDATION_FAILED", problems=[_problem(name, "not_found")])


@lru_cache(maxsize=512)
def _seen(subject: Subject, object_name: str) -> Statement:
    source = subject.system.source(object_name)
    this = both(Compare("id", "eq", Argument((IDS,))), subject.rows(object_name))
    rows = select(source.table.c.id).where(
        subject.system.rows(source), compile_condition(this, source, subject.system)
    )
    held = rows.with_for_update(of=source.table, read=True, key_share=True)
    return render(held, subject.dialect)


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
            {each.name: _decoded(shares, each, value) for each, value in zip(fields, found[2:], strict=True)},
        )
        for found in rows
    ]


def _decoded(shares: Subject, field: Field, value: object) -> object:
    return None if value is None else field_type(field.type).decode(field, value, shares.dialect)


@lru_cache(maxsize=512)
def _of_record(shares: Subject, object_name: str) -> Statement:
    source, fields = shares.source, shares.object.fields
    this = compile_condition(Compare(object_name, "eq", Argument((IDS,))), source, shares.system)
    current = as_boolean(shares.system.rows(source))
    columns = [source.table.c[fields[name].column] for name in _TOLD]
    rows = select(source.table.c.id, current, *columns).where(source.table.c.deleted_at.is_(None), this)
    return render(rows.order_by(source.table.c.id), shares.dialect)


def _remember(
    subject: Subject, row: Locked, old: Given | None, new: Given | None, *, environment: Environment
) -> UnitOf[tuple[str, ...]]:
    """A change of its grants is one of the record: another version, which its validations have to allow, and
    an entry of its history.
    """
    yield one(update_statement(subject, frozenset()), {IDS: (row.id,), **stamp(environment)}, environment)
    yield from _validate(subject, row, environment)
    texts = _text(subject, old), _text(subject, new)
    entry = Entry("updated", subject.object.name, row.id, row.version + 1, GRANTS, *texts)
    yield from record(subject, [entry], environment)
    return (row.id,)


def _validate(subject: Subject, row: Locked, environment: Environment) -> UnitOf[None]:
    indexes, asked = _validations(subject_of(subject.system, subject.object.name))
    answer = yield from asked.ask({row.id: row.version + 1}, environment)
    for truths in answer.failing.values():
        each_at = zip(subject.object.validations, indexes, strict=True)
        broken = [Problem(ID, each.name, each.message) for each, at in each_at if not truths[at]]
        raise Refusal("VALIDATION_FAILED", problems=broken)


@lru_cache(maxsize=512)
def _validations(engine: Subject) -> tuple[tuple[int, ...], Checks]:
    """What the validations of the object ask for, and the place of each in the answer."""
    atoms = Atoms()
    indexes = tuple(atoms.index(kept(each)) for each in engine.object.validations)
    return indexes, checks(engine, atoms)


def _text(subject: Subject, values: Given | None) -> str | None:
    """What was granted, as JSON; dates and numbers as clients see them."""
    if values is None:
        return None
    fields = subject.tables.model.objects[GRANT].fields
    told = {name: json_text(fields[name], value) for name, value in values.items() if value is not None}
    return orjson.dumps({name: orjson.Fragment(text) for name, text in told.items() if text}).decode()
