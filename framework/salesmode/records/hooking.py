"""What plugins do in a write: they give rows values before it, say what is wrong after it, and what follows.

One batch for one object and one operation, for one row as for ten thousand. A row that is not written, for it
has all values already, is not shown. Where no plugin wants to know, nothing is asked and nothing is read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from salesmode.conditions.compile import compile_condition
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.diagnostics import Problem, Refusal
from salesmode.fieldtypes import field_type
from salesmode.hooks.writes import Batch, Change, Fault, WriteOperation
from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.plugins import plugins_of, shown
from salesmode.records.binding import one
from salesmode.records.checks import IDS, THESE
from salesmode.records.choosing import by_hand
from salesmode.records.desks.calling import Code, can_be_told
from salesmode.records.desks.columns import decoded
from salesmode.records.desks.desk import plugged
from salesmode.records.filling import stamp
from salesmode.records.given import taken
from salesmode.records.problems import ID, problem
from salesmode.records.references import hold
from salesmode.records.subject import Subject, subject_of
from salesmode.records.written import Written

BEFORE, VALIDATE, AFTER = "before_write", "validate_record", "after_write"


def before(
    subject: Subject, operation: WriteOperation, rows: Sequence[Written], environment: Environment
) -> UnitOf[list[Written]]:
    """The rows with what plugins give them, and with all that they held."""
    shown = [row for row in rows if not row.idle]
    if not shown or not asked_for(subject, BEFORE, VALIDATE, AFTER):
        return list(rows)
    if operation != "create":
        shown = yield from _whole(subject, shown, environment)
    asking = _Asking(subject, operation, shown, environment)
    problems: list[Problem] = []
    wrote = yield from asking.before(problems)
    if problems:
        raise Refusal("VALIDATION_FAILED", problems=problems)
    found = {row.id: row for row in asking.given()}
    if wrote and operation != "create":
        found = yield from _counted_on(subject, found, environment)
    referred = ((subject, name, row.values[name]) for row in found.values() for name in row.given)
    yield from hold(subject, referred, environment)
    return [found.get(row.id, row) for row in rows]


def faults(
    subject: Subject, operation: WriteOperation, rows: Sequence[Written], environment: Environment
) -> UnitOf[list[Problem]]:
    """What plugins find wrong with rows as they now are."""
    shown = [row for row in rows if not row.idle]
    if not shown or not asked_for(subject, VALIDATE):
        return []
    return (yield from _Asking(subject, operation, shown, environment).faults())


def after(
    subject: Subject, operation: WriteOperation, rows: Sequence[Written], environment: Environment
) -> UnitOf[None]:
    """Let plugins do what follows."""
    shown = [row for row in rows if not row.idle]
    if shown and asked_for(subject, AFTER):
        yield from _Asking(subject, operation, shown, environment).after()


def after_all(written: Iterable[tuple[Subject, Written]], environment: Environment) -> UnitOf[None]:
    """The same for rows of several objects, of which some are new."""
    batches: dict[tuple[Subject, WriteOperation], list[Written]] = {}
    for subject, row in written:
        batches.setdefault((subject, row.operation), []).append(row)
    for (subject, operation), rows in batches.items():
        yield from after(subject, operation, rows, environment)


Passing = Mapping[str, Sequence[Written]]
"""Rows that go or come back, by object."""


def before_each(
    engine: Subject,
    operation: WriteOperation,
    versions: Mapping[str, Mapping[str, int]],
    environment: Environment,
) -> UnitOf[Passing]:
    """`versions`: by object and id, those that the rows have so far."""
    found: dict[str, Sequence[Written]] = {}
    for name, rows in versions.items():
        passing = [Written(id_, ID, frozenset(), {}, version=version + 1) for id_, version in rows.items()]
        found[name] = yield from before(engine.of(name), operation, passing, environment)
    return found


def faults_of_each(
    engine: Subject, operation: WriteOperation, passing: Passing, environment: Environment
) -> UnitOf[None]:
    """VALIDATION_FAILED with all that plugins find wrong."""
    problems: list[Problem] = []
    for name, rows in passing.items():
        problems += yield from faults(engine.of(name), operation, rows, environment)
    if problems:
        raise Refusal("VALIDATION_FAILED", problems=problems)


def after_each(
    engine: Subject, operation: WriteOperation, passing: Passing, environment: Environment
) -> UnitOf[None]:
    for name, rows in passing.items():
        yield from after(engine.of(name), operation, rows, environment)


def asked_for(subject: Subject, *hooks: str) -> bool:
    """Whether a plugin implements one of the hooks."""
    plugins = plugins_of(subject.tables.model.app.plugins)
    return any(plugins.calls(each) for each in hooks)


@dataclass(frozen=True, slots=True)
class _Asking:
    """One batch; `changes` go from plugin to plugin, each of which sees what those before it have set."""

    subject: Subject
    operation: WriteOperation
    rows: Sequence[Written]
    environment: Environment
    changes: list[Change] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "changes", [self._change(row) for row in self.rows])

    def before(self, problems: list[Problem]) -> UnitOf[bool]:
        """Whether a plugin has written something."""
        wrote = False
        for code, call in self._calls(BEFORE):
            if (yield from self._asked(code, call)) is not None:
                raise code.nonsense("it gives something")
            for row, change in zip(self.rows, self.changes, strict=True):
                if change.values:
                    self._take(code, row, change, problems)
            wrote = wrote or code.wrote
        return wrote

    def _take(self, code: Code, row: Written, change: Change, problems: list[Problem]) -> None:
        if self.operation in ("delete", "restore"):
            raise code.nonsense(f"a {self.operation} takes no values")
        change.values = taken(self.subject, row, change.values, code, problems)
        change.new = self._shown({**change.new, **change.values})

    def given(self) -> Iterator[Written]:
        emptied: dict[frozenset[str], frozenset[str]] = {}
        for row, change in zip(self.rows, self.changes, strict=True):
            given = frozenset(change.values)
            if given not in emptied:
                emptied[given] = by_hand(self.subject, given)
            values = {**row.values, **change.values, **dict.fromkeys(emptied[given])}
            yield replace(row, values=values, given=given)

    def faults(self) -> UnitOf[list[Problem]]:
        rows, problems = {row.id: row for row in self.rows}, []
        for code, call in self._calls(VALIDATE):
            answer = yield from self._asked(code, call)
            for fault in () if answer is None else self._sound(code, answer, rows):
                told = fault.field if self._tells() else None
                found = problem(self.subject, rows[fault.id].path, fault.code, field=told, message=fault.text)
                problems.append(found)
        return problems

    def _sound(self, code: Code, answer: Any, rows: Mapping[str, Written]) -> Sequence[Fault]:
        if not isinstance(answer, Sequence) or not all(isinstance(each, Fault) for each in answer):
            raise code.nonsense(f"a sequence of Fault is expected, not {shown(answer)}")
        for each in answer:
            if each.id not in rows:
                raise code.nonsense(f"'{each.id}' is none of the rows")
            if each.field is not None and each.field not in self.subject.object.fields:
                raise code.nonsense(f"'{self.subject.object.name}' has no field '{each.field}'")
            if not can_be_told([each.text]):
                raise code.nonsense(f"{shown(each.text)} is no text")
        return answer

    def after(self) -> UnitOf[None]:
        for code, call in self._calls(AFTER):
            if (yield from self._asked(code, call)) is not None:
                raise code.nonsense("it gives something")

    def _calls(self, hook: str) -> Iterator[tuple[Code, Any]]:
        for plugin, call in plugins_of(self.subject.tables.model.app.plugins).calls(hook):
            busy = frozenset[str]() if hook == AFTER else frozenset(row.id for row in self.rows)
            code, desk = plugged(plugin, hook, self.subject.scope, self.environment, busy=busy)
            batch = Batch(self.subject.object, self.operation, tuple(self.changes), desk)
            yield code, partial(call, batch=batch)

    def _asked(self, code: Code, call: Any) -> UnitOf[Any]:
        try:
            return (yield from code.called(call))
        except Refusal as refusal:
            problems = [replace(each, path=self._path(each.path)) for each in refusal.problems]
            raise Refusal(refusal.code, refusal.message, problems=problems) from refusal.__cause__

    def _path(self, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
        """As far as the caller may know what it names."""
        if not self._tells():
            return ()
        hidden = {camel(name) for name in self.subject.object.fields if not self.subject.named(name)}
        ends = (at for at, each in enumerate(path) if each in hidden)
        return path[: next(ends, len(path))]

    def _tells(self) -> bool:
        """Whether the rights of whoever hears of it are those of the subject, and not the system's."""
        return self.subject.policy is not None or self.environment.user.get("id") is None

    def _change(self, row: Written) -> Change:
        engine: dict[str, object] = {"id": row.id, "version": row.version, **stamp(self.environment)}
        move = None if row.going is None else (row.going.passage.source, row.going.passage.target)
        old = None if self.operation == "create" else self._shown(row.old)
        return Change(row.id, old, self._shown({**row.old, **row.values, **engine}), row.supplied, move)

    def _shown(self, values: Mapping[str, object]) -> Mapping[str, object]:
        """What nobody may change; a secret is shown to nobody."""
        fields = self.subject.object.fields
        return MappingProxyType(
            {name: each for name, each in values.items() if fields[name].type != "secret"}
        )


def _whole(subject: Subject, rows: Sequence[Written], environment: Environment) -> UnitOf[list[Written]]:
    """The rows, which are locked, with all that they hold."""
    engine = subject_of(subject.system, subject.object.name)
    fields = _readable(engine)
    found = yield one(_reading(engine), {IDS: tuple(row.id for row in rows)}, environment)
    olds = {
        str(cells[0]): {
            each.name: decoded(each, cell, subject.dialect) for each, cell in zip(fields, cells, strict=True)
        }
        for cells in found
    }
    return [replace(row, old=olds[row.id]) for row in rows]


def _counted_on(
    subject: Subject, rows: Mapping[str, Written], environment: Environment
) -> UnitOf[dict[str, Written]]:
    """The rows with the versions that they get: what a plugin has written may have counted one, by a tag that
    is kept by rule.
    """
    found = yield one(_counting(subject), {IDS: tuple(rows)}, environment)
    versions = {str(id_): int(str(version)) for id_, version in found}
    return {id_: replace(row, version=versions[id_] + 1) for id_, row in rows.items()}


@lru_cache(maxsize=512)
def _counting(subject: Subject) -> Statement:
    engine = subject_of(subject.system, subject.object.name)
    these = compile_condition(THESE, engine.source, engine.system)
    return render(select(engine.table.c.id, engine.table.c.version).where(these), subject.dialect)


def _readable(subject: Subject) -> tuple[Field, ...]:
    return tuple(each for each in subject.stored if field_type(each.type).selectable)


@lru_cache(maxsize=512)
def _reading(subject: Subject) -> Statement:
    these = compile_condition(THESE, subject.source, subject.system)
    columns = (subject.table.c[each.column] for each in _readable(subject))
    return render(select(*columns).where(these), subject.dialect)
