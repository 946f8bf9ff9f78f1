"""A file into the database, in one transaction: every row or, if asked, every row that is right.

A row may refer to one that stands before it in the file. What a row gives up that is unique is free for the
rows of a later batch.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.diagnostics import Problem
from salesmode.exchange import cells
from salesmode.exchange.batch import SIZE, Writing, Written, write_batch
from salesmode.exchange.columns import Column, Heading, keyed_headers, many
from salesmode.exchange.formats.form import Table
from salesmode.exchange.lookup import Row
from salesmode.exchange.numbers import advance
from salesmode.fieldtypes import Invalid
from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.model.object import Unique
from salesmode.records.subject import Subject


@dataclass(frozen=True, slots=True)
class Incoming:
    """What is to be written: `unique` tells records that are there already; None: every row is a new one.

    `keep_going`: refused rows do not stop the others. `dry_run`: write nothing in the end.
    """

    subject: Subject
    heading: Heading
    unique: Unique | None = None
    keep_going: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A text in the one language it is in."""

    said: str

    def text(self, locale: str) -> str:  # noqa: ARG002 - it is what it is
        return self.said


@dataclass(slots=True)
class Outcome:
    """What came of it: rows that were refused, in the order of the file, each with its problems."""

    written: Written = field(default_factory=Written)
    refused: list[Row] = field(default_factory=list)


class NothingWritten(Exception):
    """The transaction is taken back; `outcome` is what would have come of it."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("nothing was written")
        self.outcome = outcome


def incorporate(incoming: Incoming, table: Table, environment: Environment) -> UnitOf[Outcome]:
    """Write the lines. Raises NothingWritten, or BadFile where the file breaks off midway."""
    outcome = Outcome()
    writing = Writing(incoming.subject, incoming.heading.known, incoming.unique, environment)
    for rows in _batches(_rows(incoming, table, environment), incoming):
        outcome.written.add((yield from write_batch(writing, rows)))
        outcome.refused += (each for each in rows if each.problems)
    yield from advance(incoming.subject, writing.numbers, environment)
    if incoming.dry_run or (outcome.refused and not incoming.keep_going):
        raise NothingWritten(outcome)
    return outcome


def _rows(incoming: Incoming, table: Table, environment: Environment) -> Iterator[Row]:
    for line in table.lines:
        row = Row(("row", line.number), {}, [], line.cells)
        if line.fault:
            row.problems.append(Problem(row.path, "row", Verbatim(line.fault)))
        for column in () if line.fault else incoming.heading.known:
            if column.header in line.cells:
                raw = line.cells[column.header]
                if table.verbatim:
                    row.given[column.field.name] = raw
                else:
                    _fill(row, column, raw, environment)
        yield row


def _fill(row: Row, column: Column, raw: object, environment: Environment) -> None:
    described = column.field if column.key is None or many(column.field) else column.key
    try:
        value = None if raw is None else cells.given(described, raw, environment.timezone)
    except Invalid as invalid:
        row.wrong(column.field.name, invalid.code, invalid.values)
    else:
        row.given[column.field.name] = value


def _batches(rows: Iterator[Row], incoming: Incoming) -> Iterator[list[Row]]:
    """A row that refers to one of its own batch begins the next."""
    own = [each for each in incoming.heading.known if each.field.to == incoming.subject.object.name]
    named = {each.key.name for each in own if each.key is not None}
    batch: list[Row] = []
    keys: set[tuple[str, object]] = set()
    for row in rows:
        if len(batch) == SIZE or keys & _refers(row, own):
            yield batch
            batch, keys = [], set()
        batch.append(row)
        keys |= {(name, row.given[name]) for name in named if _hashable(row.given.get(name))}
    if batch:
        yield batch


def _refers(row: Row, own: Sequence[Column]) -> set[tuple[str, object]]:
    found = [(each, row.given.get(each.field.name)) for each in own if each.key is not None]
    return {(each.key.name, value) for each, value in found if each.key and _hashable(value)}


def _hashable(value: object) -> bool:
    return value is not None and not isinstance(value, list | dict)


def told_of(row: Row, *, heading: Heading, subject: Subject, locale: str) -> Iterator[str]:
    """`column: message` for each problem of a row, or the message alone; with what would be right there."""
    headers = {camel(each.field.name): each.header for each in heading.known}
    names = {camel(name): name for name in subject.object.fields}
    for each in row.problems:
        where = [str(part) for part in each.path[2:]][:1]
        column = headers.get(where[0]) or names.get(where[0], where[0]) if where else None
        message = each.message.text(locale)
        field = subject.object.fields.get(names.get(where[0], "")) if where else None
        if field is not None:
            message += "".join(f" ({each})" for each in _instead(field, each, column == field.name, subject))
        yield message if column is None else f"{column}: {message}"


def _instead(field: Field, problem: Problem, of_ids: bool, subject: Subject) -> Iterator[str]:
    """What a cell of the field takes; `of_ids`: where it names records, it does so by their ids."""
    if problem.code == "unknown_option":
        yield ", ".join(option.name for option in field.options if option.active)
        if many(field):
            yield "several are joined by ;"
    elif problem.code == "not_an_id" and of_ids:
        yield from (f"a column {each} takes what is unique" for each in keyed_headers(subject, field)[:1])
