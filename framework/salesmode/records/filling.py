"""What a row holds beside the caller's input: defaults, the owner, what a role forces, system fields."""

from collections.abc import Iterable, Mapping

from uuid_utils import uuid7

from salesmode.database.environment import Environment
from salesmode.fieldtypes import field_type
from salesmode.model.condition import Literal, RowValue, UserValue, Value
from salesmode.model.field import Field
from salesmode.records.rights import Granted
from salesmode.records.subject import OWNER, Subject

Values = dict[str, object]

_CREATOR = UserValue("id")


def new_id() -> str:
    """A UUIDv7: later ones sort later."""
    return str(uuid7())


def filled(
    subject: Subject,
    supplied: Mapping[str, object],
    grants: Iterable[Granted],
    environment: Environment,
    presets: Mapping[str, object] | None = None,
) -> Values:
    """A whole new row but for its id: every stored field has a value, if only None. `presets`: of the
    engine.
    """
    values: Values = dict.fromkeys((each.name for each in subject.stored), None) | dict(supplied)
    for field in subject.stored:
        default = _default(subject, field)
        if default is not None and field.name not in supplied:
            values[field.name] = resolved(default, field, values, environment)
    values |= {name: value for name, value in (presets or {}).items() if name not in supplied}
    values |= forced(subject, grants, values, environment)
    values |= {"created_at": environment.now, "created_by": environment.user.get("id"), "version": 1}
    return values | stamp(environment)


def forced(
    subject: Subject, grants: Iterable[Granted], values: Mapping[str, object], environment: Environment
) -> Values:
    """What the grants preset, as values."""
    return {
        name: resolved(value, subject.object.fields[name], values, environment)
        for grant in grants
        for name, value in grant.presets.items()
    }


def stamp(environment: Environment) -> Values:
    """What every write sets."""
    return {"updated_at": environment.now, "updated_by": environment.user.get("id")}


def resolved(value: Value, field: Field, values: Mapping[str, object], environment: Environment) -> object:
    """A default's or a preset's canonical value for a field."""
    if isinstance(value, RowValue):
        return values.get(value.field)
    if value == Literal(None):
        return None
    return field_type(field.type).finder(value)(environment)


def _default(subject: Subject, field: Field) -> Value | None:
    """RULING 22: an owned record belongs to who creates it."""
    if field.default is None and subject.object.owned and field.name == OWNER:
        return _CREATOR
    return field.default
