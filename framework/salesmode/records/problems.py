"""How what is wrong is told: paths in GraphQL spelling, no name that the caller may not see, no value."""

from collections.abc import Iterable, Sequence

from salesmode.database.errors import ConstraintViolation
from salesmode.diagnostics import Message, Problem, Refusal
from salesmode.diagnostics.messages import Text
from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.model.object import Unique
from salesmode.records.subject import Subject

Path = tuple[str | int, ...]

INPUT: Path = ("input",)
ID: Path = ("id",)


def problem(
    subject: Subject,
    path: Path,
    code: str,
    *,
    field: str | None = None,
    message: Text | None = None,
    name: str | None = None,
) -> Problem:
    """The problem of a field, or of the record where there is none or the caller may not know it."""
    named = (camel(field),) if field is not None and subject.named(field) else ()
    return Problem(path + named, code, message or Message(code), name)


def violated(subject: Subject, violation: ConstraintViolation, paths: Sequence[Path]) -> Refusal:
    """What a constraint of the database means to the caller (RULING 11 c).

    Of several rows the database does not say which one it was: then the path is their common beginning.
    """
    path = _common(paths)
    found = subject.tables.constraint(violation.constraint)
    match violation.kind, found:
        case "unique", Unique(_, fields):
            problems = _not_unique(subject, path, fields)
        case "unique", Field(name=name):
            problems = _not_unique(subject, path, (name,))
        case "foreign_key", Field(name=name):
            problems = [problem(subject, path, "not_found", field=name)]
        case _:
            raise violation
    return Refusal("CONFLICT", problems=problems)


def _not_unique(subject: Subject, path: Path, fields: Iterable[str]) -> list[Problem]:
    known = [(*path, camel(name)) for name in fields if subject.comparable(name)]
    return [Problem(each, "not_unique", Message("not_unique")) for each in known or [path]]


def _common(paths: Sequence[Path]) -> Path:
    beginning = paths[0]
    for path in paths[1:]:
        while path[: len(beginning)] != beginning:
            beginning = beginning[:-1]
    return beginning
