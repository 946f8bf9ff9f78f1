"""Bringing deleted records back, with the rows that their deletion took along (RULING 28)."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.diagnostics import Problem, Refusal
from salesmode.model.condition import ALWAYS
from salesmode.records.atoms import Atoms
from salesmode.records.automatic import keep_tags, touched_by
from salesmode.records.checks import Checks, checks
from salesmode.records.entries import Entry
from salesmode.records.followers import Follower, taken_along
from salesmode.records.history import json_text, record
from salesmode.records.hooking import after_each, before_each, faults_of_each
from salesmode.records.problems import ID, problem
from salesmode.records.removal import lock_removable, mark
from salesmode.records.rules import reaches
from salesmode.records.subject import Subject, WriteScope, subject_of
from salesmode.records.verbs import verb
from salesmode.tables.indexes import refers

Versions = dict[str, dict[str, int]]
"""By object and id: the version that a row had while it was deleted."""


@verb
def restore(
    scope: WriteScope, object_name: str, ids: Sequence[str], environment: Environment
) -> UnitOf[tuple[str, ...]]:
    """Bring the records back. CONFLICT where one would collide, or refer to one that is still deleted."""
    subject = subject_of(scope, object_name)
    rows = yield from lock_removable(subject, ids, environment, living=False)
    back: Versions = {object_name: {each.id: each.version for each in rows}}
    engine = subject_of(subject.system, object_name)
    yield from _spread(engine, back, roots=tuple(back[object_name]), environment=environment)
    coming = yield from before_each(engine, "restore", back, environment)
    back.update({name: {each.id: each.version - 1 for each in rows} for name, rows in coming.items()})
    for name, found in back.items():
        seen = subject if name == object_name else engine.of(name)
        yield from mark(seen, tuple(found), environment, deleted=False)
    yield from _judge(subject, back, environment)
    yield from faults_of_each(engine, "restore", coming, environment)
    entries = list(_history(back))
    yield from record(subject, entries, environment)
    yield from keep_tags(scope, touched_by(entries), environment)
    yield from after_each(engine, "restore", coming, environment)
    return tuple(each.id for each in rows)


def _spread(
    engine: Subject, back: Versions, *, roots: Sequence[str], environment: Environment
) -> UnitOf[None]:
    """What the deletion of the roots took along, level by level."""
    identity = engine.object.fields["id"]
    whose = tuple(str(json_text(identity, each)) for each in roots)
    level = {name: list(found) for name, found in back.items()}
    while level:
        found = yield from taken_along(engine, level, whose, environment)
        level = _added(back, found)


def _added(back: Versions, followers: Sequence[Follower]) -> dict[str, list[str]]:
    level: dict[str, list[str]] = {}
    for each in followers:
        rows = back.setdefault(each.by.object.name, {})
        if each.id not in rows:
            rows[each.id] = each.version
            level.setdefault(each.by.object.name, []).append(each.id)
    return level


def _judge(subject: Subject, back: Versions, environment: Environment) -> UnitOf[None]:
    """A record cannot live without one that it restricts from going, or that would take it along."""
    problems: list[Problem] = []
    for name, found in back.items():
        fields, asked = _anchors(subject_of(subject.system, name))
        answer = yield from asked.ask({id_: version + 1 for id_, version in found.items()}, environment)
        for truths in answer.failing.values():
            lost = (each for each, holds in zip(fields, truths[2:], strict=True) if not holds)
            told = (each if name == subject.object.name else None for each in lost)
            problems += (problem(subject, ID, "not_found", field=each) for each in told)
    if problems:
        raise Refusal("CONFLICT", problems=problems)


@lru_cache(maxsize=512)
def _anchors(engine: Subject) -> tuple[tuple[str, ...], Checks]:
    """The references that must lead to a living record, in the order of the booleans."""
    atoms = Atoms()
    fields = [
        each for each in engine.stored if refers(each) and not each.system and each.on_delete != "set_null"
    ]
    for each in fields:
        atoms.index(reaches(each, ALWAYS))
    return tuple(each.name for each in fields), checks(engine, atoms)


def _history(back: Versions) -> Iterator[Entry]:
    for name, found in back.items():
        for id_, version in found.items():
            yield Entry("restored", name, id_, version + 1, None, None, None)
