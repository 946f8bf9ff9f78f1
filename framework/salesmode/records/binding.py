"""The room's own statements are written in terms of rows: its fields are what they are bound with."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.errors import ConstraintViolation
from salesmode.database.statement import Statement
from salesmode.database.unit import ManyStep, Step
from salesmode.records.problems import Path, violated
from salesmode.records.subject import Subject

Row = Mapping[str, object]


def one(statement: Statement, row: Row, environment: Environment) -> Step:
    """The statement with a row's fields in its slots."""
    return Step(statement.sql, statement.bind(replace(environment, variables=row)))


def many(statement: Statement, rows: Sequence[Row], environment: Environment) -> ManyStep:
    """The statement once for each row, in one step."""
    return ManyStep(statement.sql, [statement.bind(replace(environment, variables=row)) for row in rows])


def guarded(step: Step | ManyStep, subject: Subject, paths: Sequence[Path]) -> UnitOf[None]:
    """A write; what a constraint refuses is a CONFLICT told in the caller's words (RULING 11 c)."""
    try:
        yield step
    except ConstraintViolation as violation:
        raise violated(subject, violation, paths) from violation
