"""Roles in few words, as the analyzer would spell them out."""

from collections.abc import Mapping

from salesmode.model.condition import ALWAYS, NEVER, Compare, Condition, Literal, UserValue, Value
from salesmode.model.field import Mask
from salesmode.model.role import FieldGrant, ObjectGrant, Right, Role
from tests.support.models import SPAN, label

MINE = Compare("owner", "eq", UserValue("id"))

Cell = bool | Condition | FieldGrant


def eq(name: str, value: object) -> Condition:
    return Compare(name, "eq", value if isinstance(value, Value) else Literal(value))


def masked(mask: str | None = None, *numbers: int, clear: Condition = NEVER) -> FieldGrant:
    """A cell that is shown through a mask (None: the field's own) where it is not clear."""
    return FieldGrant(SPAN, clear=clear, masked=True, mask=Mask(mask, numbers) if mask else None)


def grant(object_name: str, read: bool | Condition = True, /, **fields: Cell) -> ObjectGrant:
    """What is read: rows by `read` (False: none), fields always (True), by a condition, or as told."""
    cells = {name: _cell(each) for name, each in fields.items()}
    right = Right(_condition(read), SPAN) if read is not False else None
    return ObjectGrant(object_name, SPAN, cells, read=right)


def add_on(object_name: str, /, **fields: Cell) -> ObjectGrant:
    """Only field rights, on the rows of the user's other roles (RULING 48)."""
    cells = {name: _cell(each) for name, each in fields.items()}
    return ObjectGrant(object_name, SPAN, cells, add_on=True)


def role(name: str, *grants: ObjectGrant, inherits: tuple[str, ...] = ()) -> Role:
    return Role(name, label(name), SPAN, inherits, {each.object: each for each in grants})


def every(fields: Mapping[str, object], **others: Cell) -> dict[str, Cell]:
    """All of the fields clear, but for the others."""
    return {**dict.fromkeys(fields, True), **others}


def _cell(given: Cell) -> FieldGrant:
    return given if isinstance(given, FieldGrant) else FieldGrant(SPAN, clear=_condition(given))


def _condition(given: bool | Condition) -> Condition:
    return (ALWAYS if given else NEVER) if isinstance(given, bool) else given
