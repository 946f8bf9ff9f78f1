"""Creating what is not there and changing what is, told apart by a declared unique."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.diagnostics import Message, Problem, Refusal
from salesmode.fieldtypes import Invalid, field_type
from salesmode.model.names import camel
from salesmode.model.object import Unique
from salesmode.model.pipeline import PIPELINE, STAGE
from salesmode.records.altering import Aim, Altered, Change, judge_altered, permitted, write_altered
from salesmode.records.arriving import arrive, newcomers
from salesmode.records.automatic import keep_tags, touched_by, touches
from salesmode.records.collisions import settle
from salesmode.records.entries import Entry
from salesmode.records.filling import new_id
from salesmode.records.history import changed, record
from salesmode.records.hooking import after_all
from salesmode.records.judging import Findings
from salesmode.records.limits import within
from salesmode.records.locking import Locked
from salesmode.records.matching import identity, matched
from salesmode.records.nested import Batch, Draft
from salesmode.records.new import NewRows, created, judge_new, shape_new, write_new
from salesmode.records.problems import INPUT, Path
from salesmode.records.shape import required, shaped
from salesmode.records.subject import Subject, WriteScope, subject_of
from salesmode.records.update import lock_visible
from salesmode.records.written import Written, equal

Input = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Meant:
    """An input, and the record that it means: one that is there, or a new one."""

    id: str
    new: bool
    given: Input
    path: Path


@dataclass(frozen=True, slots=True)
class Revision:
    """A record that is there, and what it is to hold; `aim`: where it is to stand, if the input says so."""

    meant: Meant
    values: Input
    aim: Aim | None


@dataclass(frozen=True, slots=True)
class Work:
    """What an upsert into one object writes."""

    new: Sequence[NewRows]
    changes: Sequence[Revision]
    subject: Subject


def upsert(
    scope: WriteScope,
    object_name: str,
    by: Sequence[str],
    inputs: Sequence[Input],
    environment: Environment,
) -> UnitOf[tuple[str, ...]]:
    """For each input, the record that has its values in `by` is changed, or a new one created; gives the ids.

    What is changed keeps the fields that the input does not name, and its `by` as it is spelled. Inputs have
    no nested creates: doing the same twice would create them twice.
    """
    within(len(inputs), "input")
    subject = subject_of(scope, object_name)
    unique = identity(subject, by)
    if any(name in subject.object.inverses for each in inputs for name in each):
        raise Refusal("BAD_REQUEST", Message("no_nested_upsert"))
    paths = [(*INPUT, number) for number in range(len(inputs))]
    meaning = yield from meant(subject, unique, inputs, paths=paths, environment=environment)
    work = shape_work(subject, unique, meaning, environment)
    yield from carry_out([work], environment, idle=True)
    return tuple(each.id for each in meaning)


def meant(
    subject: Subject,
    unique: Unique,
    inputs: Sequence[Input],
    *,
    paths: Sequence[Path],
    environment: Environment,
) -> UnitOf[list[Meant]]:
    """Look up what the inputs mean. CONFLICT where two mean the same record."""
    keys = [{name: _key(subject, name, each.get(name)) for name in unique.fields} for each in inputs]
    found = yield from matched(subject, unique, keys, environment)
    meaning = [
        Meant(found.get(number) or new_id(), number not in found, given, path)
        for number, (given, path) in enumerate(zip(inputs, paths, strict=True))
    ]
    ids = [each.id for each in meaning]
    twice = [each.path for number, each in enumerate(meaning) if each.id in ids[:number]]
    if twice:
        problems = [Problem(path, "not_unique", Message("not_unique")) for path in twice]
        raise Refusal("CONFLICT", problems=problems)
    return meaning


def _key(subject: Subject, name: str, value: object) -> object:
    """What is no value of its field identifies nothing; the shape of the input tells what is wrong."""
    field = subject.object.fields[name]
    try:
        return None if value is None else field_type(field.type).parse(field, value)
    except Invalid:
        return None


def shape_work(subject: Subject, unique: Unique, meaning: Sequence[Meant], environment: Environment) -> Work:
    """Shape all inputs: whole rows of those that are new, values of those that are there."""
    problems: list[Problem] = []
    drafts = [Draft(each.id, each.path, each.given, {}) for each in meaning if each.new]
    new = shape_new([Batch(subject, drafts)] if drafts else [], environment, problems)
    changes = [_change(subject, unique, each, problems) for each in meaning if not each.new]
    if problems:
        raise Refusal("VALIDATION_FAILED", problems=problems)
    return Work(new, changes, subject)


def _change(subject: Subject, unique: Unique, meaning: Meant, problems: list[Problem]) -> Revision:
    """An input is one for creating; what may be created but not changed is found locked with the row.

    A stage is where it is to stand: another one than it is in is a move. No stage leaves it where it is.
    """
    given = {name: value for name, value in meaning.given.items() if name not in unique.fields}
    values = shaped(subject, "create", given, path=meaning.path, problems=problems, new=False)
    said = {name: values.pop(name) for name in (PIPELINE, STAGE) if name in values and subject.pipelines}
    problems += required(subject, values, meaning.path)
    if not any(said.values()):
        return Revision(meaning, values, None)
    pipeline, stage = (None if said.get(name) is None else str(said[name]) for name in (PIPELINE, STAGE))
    path = (*meaning.path, camel(STAGE))
    return Revision(meaning, values, Aim(stage, path, pipeline=pipeline, resting=True))


def carry_out(works: Sequence[Work], environment: Environment, *, idle: bool) -> UnitOf[int]:
    """Lock → rights → write → rules → history (RULING 10), for all of the works together; how many it wrote.

    `idle`: whether a record that has the wanted values already is held to rights and rules all the same, and
    gets a secret.
    """
    altered: list[Altered] = []
    for work in works:
        altered += yield from _altered(work, environment, idle)
    for at, each in enumerate(altered):
        altered[at] = yield from write_altered(each, environment)
    new = yield from write_new([rows for work in works for rows in work.new], environment)
    findings = Findings()
    for each in altered:
        yield from judge_altered(each, environment, findings)
    yield from judge_new(new, environment, findings)
    yield from settle(findings, environment)
    written = [*_changed(altered), *newcomers(new)]
    made = yield from arrive(written, environment)
    yield from _record(new, altered, made.entries, environment)
    for subject, _ in written[:1]:
        yield from keep_tags(subject.scope, [*touches(written), *touched_by(made.entries)], environment)
    yield from after_all([*written, *made.rows], environment)
    return len(written)


def _altered(work: Work, environment: Environment, idle: bool) -> UnitOf[list[Altered]]:
    if not work.changes:
        return []
    supplied, ids = [each.values for each in work.changes], [each.meant.id for each in work.changes]
    moving = any(each.aim is not None for each in work.changes)
    rows = yield from lock_visible(work.subject, supplied, ids, environment, moving=moving)
    changes = [
        Change(row, each.values, each.meant.path, each.aim)
        for row, each in zip(rows, work.changes, strict=True)
        if idle or not _holds(work.subject, row, each)
    ]
    return [permitted(work.subject, changes, environment, moving=moving)] if changes else []


def _changed(altered: Sequence[Altered]) -> list[tuple[Subject, Written]]:
    return [(each.plan.law.subject, row) for each in altered for row in each.rows]


def _holds(subject: Subject, row: Locked, revision: Revision) -> bool:
    """Whether a row has the values, as far as one can say: a secret is compared with nothing."""
    fields = {name: subject.object.fields[name] for name in revision.values}
    compared = [each for each in fields.values() if each.type != "secret"]
    return _stands(row, revision.aim) and all(
        equal(each, row.old[each.name], revision.values[each.name]) for each in compared
    )


def _stands(row: Locked, aim: Aim | None) -> bool:
    told = () if aim is None else ((PIPELINE, aim.pipeline), (STAGE, aim.target))
    return all(value is None or row.old[name] == value for name, value in told)


def _record(
    new: Sequence[NewRows], altered: Sequence[Altered], made: Sequence[Entry], environment: Environment
) -> UnitOf[None]:
    entries: list[Entry] = [*created(new), *made]
    for each in altered:
        entries += changed(each.plan.law.subject, "updated", each.rows)
    subjects = [*(each.subject for each in new), *(each.plan.law.subject for each in altered)]
    if subjects:
        yield from record(subjects[0], entries, environment)
