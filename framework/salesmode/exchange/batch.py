"""A thousand rows at most, written behind a savepoint: what is refused is taken back, and the rest tried
again without the rows at fault, so that every row's problems are found and a row at fault spoils no other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.errors import DatabaseError
from salesmode.database.unit import Step
from salesmode.diagnostics import Problem, Refusal
from salesmode.exchange.columns import Column
from salesmode.exchange.lookup import Row, canonical, collisions, resolve
from salesmode.exchange.numbers import note
from salesmode.model.names import camel
from salesmode.model.object import Unique
from salesmode.records.filling import new_id
from salesmode.records.matching import matched
from salesmode.records.shape import shaped
from salesmode.records.subject import Subject
from salesmode.records.upsert import Meant, carry_out, shape_work

SIZE = 1000
_SAVEPOINT = "sm_batch"


@dataclass(frozen=True, slots=True)
class Writing:
    """What every batch of one import shares. `seen`: the ids of records that were written already.

    `numbers`: the largest number that was given to each numbered field.
    """

    subject: Subject
    columns: Sequence[Column]
    unique: Unique | None
    environment: Environment
    seen: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Written:
    """How many records were new, and how many were there."""

    created: int = 0
    updated: int = 0

    def add(self, other: "Written") -> None:
        self.created += other.created
        self.updated += other.updated


def write_batch(writing: Writing, rows: Sequence[Row]) -> UnitOf[Written]:
    """Write the rows that nothing is wrong with; the problems of the others are in them."""
    for column in writing.columns:
        if column.key is not None:
            yield from resolve(writing.subject, _right(rows), column, writing.environment)
    meant = yield from _meant(writing, _right(rows))
    for row in rows:
        if row.problems:
            _look_on(writing, row)
    return (yield from _write(writing, [each for each in meant if not each[0].problems]))


def _look_on(writing: Writing, row: Row) -> None:
    """What else is wrong with the shape of a row that is refused already."""
    told = {each.path[2:3] for each in row.problems}
    rest = {name: value for name, value in row.given.items() if name != "id" and (camel(name),) not in told}
    shaped(writing.subject, "create", rest, path=row.path, problems=row.problems)


def _right(rows: Iterable[Row]) -> list[Row]:
    return [each for each in rows if not each.problems]


_Pair = tuple[Row, Meant]


def _meant(writing: Writing, rows: Sequence[Row]) -> UnitOf[list[_Pair]]:
    """Which record each row means: one that is there, or a new one."""
    subject, unique = writing.subject, writing.unique
    found: dict[int, str] = {}
    if unique is not None:
        keys = [
            {name: canonical(subject, name, row.given.get(name)) for name in unique.fields} for row in rows
        ]
        found = dict((yield from matched(subject, unique, keys, writing.environment)))
    yield from collisions(subject, rows, found, writing.environment)
    return [(row, _record(writing, row, found.get(place))) for place, row in enumerate(rows)]


def _record(writing: Writing, row: Row, found: str | None) -> Meant:
    id_ = found or new_id()
    if writing.unique is not None and writing.unique.fields == ("id",):
        id_ = _own_id(writing, row, found) or id_
    if id_ in writing.seen and not row.problems:
        row.wrong(None, "not_unique")
    writing.seen.add(id_)
    given = {name: value for name, value in row.given.items() if name != "id"}
    return Meant(id_, found is None, given, row.path)


def _own_id(writing: Writing, row: Row, found: str | None) -> str | None:
    """Only the system chooses the id of a new record."""
    raw = row.given.get("id")
    id_ = canonical(writing.subject, "id", raw)
    if raw is not None and id_ is None:
        row.wrong("id", "not_an_id")
    elif raw is not None and found is None and writing.subject.policy is not None:
        row.wrong("id", "not_found")
    return None if id_ is None else str(id_)


def _write(writing: Writing, pairs: Sequence[_Pair]) -> UnitOf[Written]:
    while pairs:
        yield Step(f"SAVEPOINT {_SAVEPOINT}", ())
        try:
            yield from _attempt(writing, [meant for _, meant in pairs])
        except Refusal as refusal:
            if isinstance(refusal.__cause__, DatabaseError) or refusal.code == "INTERNAL":
                raise  # the transaction is broken, somebody else wrote at the same time; or a plugin is
            yield Step(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}", ())
            blamed = _blame(pairs, refusal)
        else:
            yield Step(f"RELEASE SAVEPOINT {_SAVEPOINT}", ())
            return _counted(writing, [meant for _, meant in pairs])
        if not blamed:
            return (yield from _halves(writing, pairs))
        pairs = [each for each in pairs if not each[0].problems]
    return Written()


def _counted(writing: Writing, meant: Sequence[Meant]) -> Written:
    for column in writing.columns:
        if column.field.type == "auto_number":
            note(writing.numbers, column.field, (each.given.get(column.field.name) for each in meant))
    new = sum(each.new for each in meant)
    return Written(new, len(meant) - new)


def _attempt(writing: Writing, meant: Sequence[Meant]) -> UnitOf[None]:
    unique = writing.unique or Unique("", ())
    work = shape_work(writing.subject, unique, meant, writing.environment)
    # Whoever may not read a value must not learn from a row that is let be that it has been guessed.
    yield from carry_out([work], writing.environment, idle=writing.subject.policy is not None)


def _blame(pairs: Sequence[_Pair], refusal: Refusal) -> bool:
    """Give the problems to their rows; whether any row got one."""
    rows = {row.path: row for row, _ in pairs}
    for each in refusal.problems:
        if each.path[:2] in rows:
            rows[each.path[:2]].problems.append(each)
    if len(pairs) == 1 and not pairs[0][0].problems:
        pairs[0][0].problems.append(Problem(pairs[0][0].path, refusal.code, refusal.message))
    return any(row.problems for row in rows.values())


def _halves(writing: Writing, pairs: Sequence[_Pair]) -> UnitOf[Written]:
    """Nobody was named: look for who it is."""
    middle = len(pairs) // 2
    written = yield from _write(writing, pairs[:middle])
    written.add((yield from _write(writing, pairs[middle:])))
    return written
