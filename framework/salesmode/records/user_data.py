"""The metadata's own records (`kind: user_data`): an upsert by key, references by the other record's key.

What is referred to may be loaded at the same time, in whatever order. A record that has the wanted values
is not written again; a secret is compared with nothing, so only a new record gets it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from salesmode.access.scope import SystemScope
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.diagnostics import Diagnostic, Message, MetadataError, Problem, Refusal
from salesmode.fieldtypes import field_type
from salesmode.model.app import UserData
from salesmode.model.condition import Value
from salesmode.model.field import Field
from salesmode.model.object import Unique
from salesmode.records.filling import resolved
from salesmode.records.keys import Known, ids_of
from salesmode.records.matching import identity
from salesmode.records.subject import Subject, subject_of
from salesmode.records.upsert import Meant, Work, carry_out, meant, shape_work
from salesmode.tables import Tables

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Set:
    """One set of records, and what identifies them."""

    data: UserData
    subject: Subject
    unique: Unique


def load_user_data(
    tables: Tables, environment: Environment, data: Iterable[UserData] | None = None
) -> UnitOf[int]:
    """Bring the records of all sets, or of those, into the database, and say how many were not so before;
    MetadataError with what is wrong with them.
    """
    scope, wanted = SystemScope(tables), tables.model.user_data if data is None else data
    subjects = [(each, subject_of(scope, each.object)) for each in wanted if each.records]
    sets = [_Set(data, subject, identity(subject, data.by)) for data, subject in subjects]
    try:
        return (yield from _load(sorted(sets, key=lambda each: _depth(each, sets)), environment))
    except Refusal as refusal:
        raise MetadataError(_told(refusal, sets), {}) from refusal


def _load(sets: Sequence[_Set], environment: Environment) -> UnitOf[int]:
    """Who is meant by all records comes first, so that any record may refer to any other."""
    known = Known({each.data.object: each.unique for each in reversed(sets)})
    meanings: list[list[Meant]] = []
    for each in sets:
        meanings.append((yield from _meant(each, known, environment)))
    works: list[Work] = []
    for each, meaning in zip(sets, meanings, strict=True):
        works.append((yield from _work(each, meaning, known, environment)))
    return (yield from carry_out(works, environment, idle=False))


def _meant(each: _Set, known: Known, environment: Environment) -> UnitOf[list[Meant]]:
    subject, paths = each.subject, [(each.data.name, number) for number in range(len(each.data.records))]
    records = [_plain(each, record, environment) for record in each.data.records]
    records = yield from _resolved(each, records, each.data.by, known, environment=environment)
    meaning = yield from meant(subject, each.unique, records, paths=paths, environment=environment)
    for record in meaning:
        known.add(subject.object, record.given, record.id)
    return meaning


def _work(each: _Set, meaning: Sequence[Meant], known: Known, environment: Environment) -> UnitOf[Work]:
    given = [record.given for record in meaning]
    others = [name for name in each.subject.object.fields if name not in each.data.by]
    records = yield from _resolved(each, given, others, known, environment=environment)
    whole = [replace(one, given=values) for one, values in zip(meaning, records, strict=True)]
    return shape_work(each.subject, each.unique, whole, environment)


def _plain(each: _Set, record: Record, environment: Environment) -> Record:
    """Moments become what they mean now."""
    fields = each.subject.object.fields
    return {
        name: resolved(value, fields[name], {}, environment) if isinstance(value, Value) else value
        for name, value in record.items()
    }


def _resolved(
    each: _Set, records: Sequence[Record], names: Iterable[str], known: Known, *, environment: Environment
) -> UnitOf[list[Record]]:
    """The records with ids instead of keys in those of the fields that refer."""
    fields = {name: field for name in names if (field := each.subject.object.fields[name]).to is not None}
    wanted = [
        (number, name, (str(field.to), key))
        for number, record in enumerate(records)
        for name, field in fields.items()
        if record.get(name) is not None
        for key in _keys(field, record[name])
    ]
    ids = yield from ids_of(each.subject, [name for _, _, name in wanted], known, environment)
    found: list[dict[str, list[str]]] = [{} for _ in records]
    missing: list[Problem] = []
    for (number, name, _), id_ in zip(wanted, ids, strict=True):
        if id_ is None:
            missing.append(Problem((each.data.name, number, name), "not_found", Message("not_found")))
        else:
            found[number].setdefault(name, []).append(id_)
    if missing:
        raise Refusal("VALIDATION_FAILED", problems=missing)
    return [
        {**record, **{name: _value(fields[name], ids) for name, ids in its.items()}}
        for record, its in zip(records, found, strict=True)
    ]


def _keys(field: Field, given: object) -> Iterable[object]:
    return given if field_type(field.type).many and isinstance(given, list | tuple) else (given,)


def _value(field: Field, ids: Sequence[str]) -> object:
    return tuple(ids) if field_type(field.type).many else ids[0]


def _depth(each: _Set, sets: Sequence[_Set], above: frozenset[str] = frozenset()) -> int:
    """Sets whose keys refer to records of other sets come after those."""
    targets = (
        {each.subject.object.fields[name].to for name in each.data.by} - {None, each.data.object} - above
    )
    below = [other for other in sets if other.data.object in targets]
    return 1 + max((_depth(other, sets, above | {each.data.object}) for other in below), default=0)


def _told(refusal: Refusal, sets: Sequence[_Set]) -> Iterator[Diagnostic]:
    """A problem is told of the set it was found in, which its path begins with."""
    spans = {each.data.name: each.data.span for each in sets}
    for each in refusal.problems:
        name, *where = each.path
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)
        yield Diagnostic("SM802", f"records{place}: {each.message.text('en')}", spans[str(name)])
