"""The first tier of problems (RULING 11 a): what can be told from the input alone, for all rows at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from salesmode.diagnostics import Message, Problem, Refusal
from salesmode.fieldtypes import FieldType, Invalid, field_type
from salesmode.model.condition import ALWAYS
from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.records.people import UNKNOWN_ROLE, checks_roles, unfit
from salesmode.records.problems import Path, problem
from salesmode.records.subject import Subject

_INACTIVE = "inactive_option"
_KEPT = frozenset({_INACTIVE, UNKNOWN_ROLE})
"""What a row may go on having that no other row gets any more."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A field that an input may name."""

    field: Field
    type: FieldType
    readonly: bool


@lru_cache(maxsize=4096)
def accepted(subject: Subject, operation: str) -> Mapping[str, Accepted]:
    """What an input to `create` or `update` may name."""
    names = subject.writable(operation)
    fields = (field for field in subject.stored if field.name in names)
    return {
        each.name: Accepted(each, field_type(each.type), subject.readonly(each.name, operation))
        for each in fields
    }


def shaped(
    subject: Subject,
    operation: str,
    given: Mapping[str, object],
    *,
    path: Path,
    problems: list[Problem],
    new: bool = True,
) -> dict[str, object]:
    """The input's canonical values; what is wrong goes to the problems; an unknown name is BAD_REQUEST.

    Unless the row is `new` it may keep an option or a role that is no longer there; `retired` tells when it
    is known.
    """
    known = accepted(subject, operation)
    values: dict[str, object] = {}
    for name, value in given.items():
        if name not in known:
            raise Refusal("BAD_REQUEST", Message("unknown_name", {"name": camel(name)}))
        try:
            values[name] = _canonical(known[name], value)
        except Invalid as invalid:
            problems.append(misfit(subject, path, name, invalid))
        else:
            wrong = (*_wrong(known[name], values[name]), *unfit(subject, name, values[name]))
            told = (each for each in wrong if new or each.code not in _KEPT)
            problems += [misfit(subject, path, name, each) for each in told]
    return values


def retired(
    subject: Subject, values: Mapping[str, object], old: Mapping[str, object], path: Path
) -> Iterator[Problem]:
    """Options and roles that are no longer there and that the row did not have (RULING 45)."""
    for name, value in values.items():
        field = subject.object.fields[name]
        inactive = any(not option.active for option in field.options)
        if value is not None and (inactive or checks_roles(subject, name)):
            had = old[name]
            before: tuple[object, ...] = had if isinstance(had, tuple) else (had,)
            wrong = (*field_type(field.type).check(field, value), *unfit(subject, name, value))
            for each in wrong:
                if each.code in _KEPT and each.values["value"] not in before:
                    yield misfit(subject, path, name, each)


def required(subject: Subject, values: Mapping[str, object], path: Path) -> Iterator[Problem]:
    """Fields among the values that must not be empty and are; what the database numbers is filled later."""
    for name, value in values.items():
        field = subject.object.fields[name]
        if value is None and field.required == ALWAYS and field.type != "auto_number" and not field.system:
            yield problem(subject, path, "required", field=name)


def _canonical(accepted: Accepted, value: object) -> object:
    return None if value is None else accepted.type.parse(accepted.field, value)


def _wrong(accepted: Accepted, value: object) -> Iterator[Invalid]:
    if accepted.readonly:
        yield Invalid("readonly")
    elif value is not None:
        yield from accepted.type.check(accepted.field, value)


def misfit(subject: Subject, path: Path, name: str, invalid: Invalid) -> Problem:
    """The problem of a value that is none of its field's."""
    message = Message(invalid.code, invalid.values)
    return problem(subject, path, invalid.code, field=name, message=message)
