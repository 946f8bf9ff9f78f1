"""Deleting records, reversibly, with everything that `on_delete` says (RULING 28)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.diagnostics import Message, Problem, Refusal
from salesmode.records.alteration import update_statement
from salesmode.records.automatic import Touch, keep_tags
from salesmode.records.binding import one
from salesmode.records.checks import IDS
from salesmode.records.entries import Entry
from salesmode.records.filling import stamp
from salesmode.records.followers import Follower, living_followers, still_referred
from salesmode.records.history import json_text, record
from salesmode.records.hooking import BEFORE, Passing, after_each, asked_for, before_each
from salesmode.records.keeping import keep_all
from salesmode.records.problems import ID
from salesmode.records.removal import lock_removable, mark
from salesmode.records.subject import Subject, WriteScope, subject_of
from salesmode.records.verbs import verb
from salesmode.records.versions import same_version


@dataclass(frozen=True, slots=True)
class Gone:
    """A row that goes: its version so far, and the record whose deletion takes it along."""

    id: str
    version: int
    root: str


@dataclass(frozen=True, slots=True)
class Deletion:
    """What goes, by object and id, and the references that are cut off."""

    gone: dict[str, dict[str, Gone]] = field(default_factory=dict)
    cut: list[Follower] = field(default_factory=list)

    def ids(self) -> dict[str, list[str]]:
        return {name: sorted(rows) for name, rows in self.gone.items()}

    def versions(self) -> dict[str, dict[str, int]]:
        return {name: {each.id: each.version for each in rows.values()} for name, rows in self.gone.items()}

    def take(self, going: Passing) -> None:
        """The versions as they are once plugins were asked."""
        for name, rows in going.items():
            for each in rows:
                self.gone[name][each.id] = replace(self.gone[name][each.id], version=each.version - 1)


@verb
def delete(
    scope: WriteScope,
    object_name: str,
    ids: Sequence[str],
    environment: Environment,
    *,
    if_version: int | None = None,
) -> UnitOf[tuple[str, ...]]:
    """Delete the records. CONFLICT where living rows refer to them by a reference that restricts."""
    subject = subject_of(scope, object_name)
    rows = yield from lock_removable(subject, ids, environment, living=True)
    same_version(rows, if_version)
    deletion = Deletion({object_name: {each.id: Gone(each.id, each.version, each.id) for each in rows}})
    engine = subject_of(subject.system, object_name)
    yield from _spread(engine, deletion, environment)
    going = yield from before_each(engine, "delete", deletion.versions(), environment)
    deletion.take(going)
    if asked_for(engine, BEFORE):  # what plugins have just made may refer to what goes
        deletion.cut.clear()
        yield from _spread(engine, deletion, environment)
    yield from _carry_out(engine, deletion, environment)
    if (yield from still_referred(engine, deletion.ids(), environment)):
        raise Refusal("CONFLICT", problems=[Problem(ID, "restricted", Message("restricted"))])
    yield from record(subject, list(_history(engine, deletion)), environment)
    yield from keep_tags(scope, _touches(deletion), environment)
    yield from after_each(engine, "delete", going, environment)
    return tuple(each.id for each in rows)


def _spread(engine: Subject, deletion: Deletion, environment: Environment) -> UnitOf[None]:
    """Follow the references, level by level, until nothing new goes."""
    level = deletion.ids()
    while level:
        found = yield from living_followers(engine, level, environment)
        deletion.cut.extend(each for each in found if each.by.field.on_delete == "set_null")
        level = _taken_along(deletion, (each for each in found if each.by.field.on_delete == "cascade"))


def _taken_along(deletion: Deletion, followers: Iterable[Follower]) -> dict[str, list[str]]:
    level: dict[str, list[str]] = {}
    for each in followers:
        name = each.by.object.name
        rows = deletion.gone.setdefault(name, {})
        if each.id not in rows:
            root = deletion.gone[each.by.target][each.target].root
            rows[each.id] = Gone(each.id, each.version, root)
            level.setdefault(name, []).append(each.id)
    return level


def _carry_out(engine: Subject, deletion: Deletion, environment: Environment) -> UnitOf[None]:
    for name, ids in deletion.ids().items():
        yield from mark(engine.of(name), ids, environment, deleted=True)
    for (name, field_name), rows in _cut(deletion).items():
        statement = update_statement(engine.of(name), frozenset({field_name}))
        row = {field_name: None, IDS: tuple(each.id for each in rows), **stamp(environment)}
        yield one(statement, row, environment)
        yield from keep_all(engine.of(name), [each.id for each in rows], environment)


def _cut(deletion: Deletion) -> dict[tuple[str, str], list[Follower]]:
    """Rows that stay and lose a reference, by object and field."""
    found: dict[tuple[str, str], list[Follower]] = {}
    for each in deletion.cut:
        if each.id not in deletion.gone.get(each.by.object.name, {}):
            found.setdefault((each.by.object.name, each.by.field.name), []).append(each)
    return found


def _touches(deletion: Deletion) -> Iterator[Touch]:
    for name, rows in deletion.gone.items():
        yield from (Touch(name, id_) for id_ in rows)
    for (name, field_name), followers in _cut(deletion).items():
        yield from (
            Touch(name, each.id, frozenset({field_name}), {field_name: each.target}) for each in followers
        )


def _history(engine: Subject, deletion: Deletion) -> Iterator[Entry]:
    """A deletion remembers in `new` whose it was, so that a restore can bring back the same rows."""
    identity = engine.object.fields["id"]
    for name, rows in deletion.gone.items():
        for row in rows.values():
            root = json_text(identity, row.root)
            yield Entry("deleted", name, row.id, row.version + 1, None, None, root)
    versions: dict[tuple[str, str], int] = {}
    for (name, field_name), followers in _cut(deletion).items():
        for each in followers:
            version = versions.get((name, each.id), each.version) + 1
            versions[name, each.id] = version
            yield Entry(
                "updated", name, each.id, version, field_name, json_text(each.by.field, each.target), None
            )
