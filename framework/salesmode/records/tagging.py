"""Tags, set and removed by hand (RULING 35).

The record is the lock row (RULING 12), so it has one tag of a name at most that has become nothing else yet.
A tag is a record of its own, written with the system's rights once the caller's right to that tag is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import orjson
from sqlalchemy import select

from salesmode.conditions.compile import as_boolean, compile_condition
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment, moment
from salesmode.database.statement import Statement, render
from salesmode.diagnostics import Message, Problem, Refusal
from salesmode.fieldtypes import Invalid, field_type
from salesmode.model.condition import ALWAYS, Argument, Compare, Literal, Moment, both
from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.model.tag import PROMOTED, TAG, Tag, tag_entry
from salesmode.records.attaching import Given, decoded, is_seen, remember, told
from salesmode.records.binding import one
from salesmode.records.checks import IDS
from salesmode.records.create import create
from salesmode.records.delete import delete
from salesmode.records.filling import resolved
from salesmode.records.history import json_text
from salesmode.records.locking import Locked
from salesmode.records.problems import INPUT
from salesmode.records.removal import lock_taggable
from salesmode.records.shape import shaped
from salesmode.records.subject import Subject, WriteScope, subject_of
from salesmode.records.update import update
from salesmode.records.verbs import verb

TOLD = ("state", "values", "source", "expires_at")
"""What the record's history tells of a tag; who it belongs to is in its own."""

_KEPT = (*TOLD, "owner")


@dataclass(frozen=True, slots=True)
class Standing:
    """A tag of the record that has become nothing else. `current`: it has not expired."""

    id: str
    current: bool
    values: Given


@verb
def tag(
    scope: WriteScope, object_name: str, given: Given, values: object, environment: Environment
) -> UnitOf[tuple[str, ...]]:
    """Set a tag on the record `id`; gives the record's id.

    `given`: `id`, `tag`, and perhaps `state`, `owner`, `source`. `values`: of the tag's own fields, as
    clients spell them. A tag that is there already takes what is new of these, and lasts anew.
    """
    subject = subject_of(scope, object_name)
    tags = subject_of(subject.system, TAG)
    kind = by_hand(subject, str(given["tag"]))
    supplied = _supplied(tags, kind, given, values)
    row = yield from lock_taggable(subject, str(given["id"]), kind.name, environment)
    yield from _reach(subject, supplied, environment)
    old = yield from standing(tags, subject, row, kind, environment)
    new = _new(kind, old, supplied, environment)
    if old is not None and old.values == new:
        return (row.id,)
    if old is None:
        whole = {**new, object_name: row.id, "name": kind.name, "since": environment.now}
        whole["by"] = environment.user.get("id")
        yield from create(subject.system, TAG, [whole], environment, paths=[()])
    else:
        yield from update(subject.system, TAG, [old.id], new, environment)
    texts = text_of(tags, kind, old.values if old else None), text_of(tags, kind, new)
    return (yield from remember(subject, row, tag_entry(kind.name), *texts, environment=environment))


@verb
def untag(
    scope: WriteScope, object_name: str, given: Given, environment: Environment
) -> UnitOf[tuple[str, ...]]:
    """Remove a tag from the record; NOT_FOUND where it is not there. Gives the record's id."""
    subject = subject_of(scope, object_name)
    tags = subject_of(subject.system, TAG)
    kind = by_hand(subject, str(given["tag"]))
    row = yield from lock_taggable(subject, str(given["id"]), kind.name, environment)
    old = yield from standing(tags, subject, row, kind, environment)
    if old is None:
        raise Refusal("NOT_FOUND")
    yield from delete(subject.system, TAG, [old.id], environment)
    texts = text_of(tags, kind, old.values), None
    return (yield from remember(subject, row, tag_entry(kind.name), *texts, environment=environment))


def known(subject: Subject, name: str) -> Tag:
    """The tag of that name; an unknown and a hidden one are the same BAD_REQUEST."""
    seen = subject.policy is None or name in subject.policy.objects[subject.object.name].tags
    found = subject.tables.model.tags.get(name) if seen else None
    if found is None or found.object != subject.object.name:
        raise Refusal("BAD_REQUEST", Message("unknown_name", {"name": name}))
    return found


def by_hand(subject: Subject, name: str) -> Tag:
    """The tag, unless it is kept by rule (RULING 30)."""
    found = known(subject, name)
    if found.auto is not None:
        raise Refusal("VALIDATION_FAILED", problems=[Problem((TAG,), "auto", Message("tag_by_rule"))])
    return found


def standing(
    tags: Subject, subject: Subject, row: Locked, kind: Tag, environment: Environment
) -> UnitOf[Standing | None]:
    """The tag that the record has. One that has expired is deleted: it does not come back as it was."""
    variables = {IDS: row.id, TAG: kind.name}
    rows = yield one(_of_record(tags, subject.object.name), variables, environment)
    fields = [tags.object.fields[name] for name in _KEPT]
    for id_, current, *cells in rows:
        if current:
            values = {each.name: decoded(tags, each, cell) for each, cell in zip(fields, cells, strict=True)}
            return Standing(str(id_), current=True, values=values)
        yield from delete(tags.system, TAG, [str(id_)], environment)
    return None


@lru_cache(maxsize=512)
def _of_record(tags: Subject, object_name: str) -> Statement:
    source, fields = tags.source, tags.object.fields
    this = both(
        Compare(object_name, "eq", Argument((IDS,))),
        Compare("name", "eq", Argument((TAG,))),
        Compare("state", "ne", Literal(PROMOTED)),
    )
    columns = [source.table.c[fields[name].column] for name in _KEPT]
    rows = select(source.table.c.id, as_boolean(tags.system.rows(source)), *columns)
    living = source.table.c.deleted_at.is_(None)
    found = rows.where(living, compile_condition(this, source, tags.system)).order_by(source.table.c.id)
    return render(found, tags.dialect)


def _supplied(tags: Subject, kind: Tag, given: Given, values: object) -> Given:
    """What was said of the tag, canonical, or all that is wrong with it."""
    problems: list[Problem] = []
    said = {name: given[name] for name in ("owner", "source") if name in given}
    found = shaped(tags, "create", said, path=(), problems=problems)
    if "state" in given:
        found["state"] = _state(kind, given["state"], problems)
    if values is not None:
        found["values"] = _values(kind, values, problems)
    if problems:
        raise Refusal("VALIDATION_FAILED", problems=problems)
    return found


def _state(kind: Tag, state: object, problems: list[Problem]) -> object:
    """A tag is in the first of its states unless another one is said."""
    if state is not None and all(each.name != state for each in kind.states):
        message = Message("unknown_option", {"value": state})
        problems.append(Problem(("state",), "unknown_option", message))
    return state


def _values(kind: Tag, values: object, problems: list[Problem]) -> Mapping[str, object]:
    if not isinstance(values, Mapping):
        problems.append(Problem(INPUT, "not_an_object", Message("not_an_object")))
        return {}
    fields = {camel(name): field for name, field in (kind.fields or {}).items()}
    found: dict[str, object] = {}
    for name, value in values.items():
        if name not in fields:
            raise Refusal("BAD_REQUEST", Message("unknown_name", {"name": name}))
        try:
            found[name] = _canonical(fields[name], value)
        except Invalid as invalid:
            problems.append(_problem(name, invalid))
        else:
            wrong = () if value is None else field_type(fields[name].type).check(fields[name], found[name])
            problems += [_problem(name, each) for each in wrong]
            found[name] = _plain(fields[name], found[name])
    return found


def _canonical(field: Field, value: object) -> object:
    return None if value is None else field_type(field.type).parse(field, value)


def _plain(field: Field, value: object) -> object:
    """A canonical value as it is kept: JSON, as clients see it."""
    text = json_text(field, value)
    return None if text is None else orjson.loads(text)


def _problem(name: str, invalid: Invalid) -> Problem:
    return Problem((*INPUT, name), invalid.code, Message(invalid.code, invalid.values))


def _new(kind: Tag, old: Standing | None, supplied: Given, environment: Environment) -> Given:
    """What the tag holds afterwards; what is not said is kept."""
    before = old.values if old else {**dict.fromkeys(_KEPT), "values": _defaults(kind, environment)}
    new = {**before, **supplied}
    values = {**_mapping(before["values"]), **_mapping(supplied.get("values"))}
    new["values"] = {name: value for name, value in values.items() if value is not None} or None
    if new["state"] is None and kind.states:
        new["state"] = kind.states[0].name
    lasting = kind.expires_after
    new["expires_at"] = lasting and moment(Moment("now", lasting.amount, lasting.unit), environment)
    missing = _missing(kind, _mapping(new["values"]))
    if missing:
        raise Refusal("VALIDATION_FAILED", problems=missing)
    return new


def _defaults(kind: Tag, environment: Environment) -> Mapping[str, object]:
    fields = (kind.fields or {}).values()
    return {
        camel(each.name): _plain(each, resolved(each.default, each, {}, environment))
        for each in fields
        if each.default is not None
    }


def _missing(kind: Tag, values: Mapping[str, object]) -> list[Problem]:
    names = [camel(name) for name, field in (kind.fields or {}).items() if field.required == ALWAYS]
    return [_problem(name, Invalid("required")) for name in names if values.get(name) is None]


def _mapping(values: object) -> Mapping[str, object]:
    return values if isinstance(values, Mapping) else {}


def _reach(subject: Subject, supplied: Given, environment: Environment) -> UnitOf[None]:
    """Whoever gets the tag is somebody whom the caller sees."""
    owner = supplied.get("owner")
    if owner is not None and not (yield from is_seen(subject, "user", owner, environment)):
        raise Refusal("VALIDATION_FAILED", problems=[Problem(("owner",), "not_found", Message("not_found"))])


def text_of(tags: Subject, kind: Tag, values: Given | None) -> str | None:
    """What the record's history tells of the tag."""
    if values is None:
        return None
    return told(tags, {"name": kind.name} | {name: values[name] for name in TOLD})
