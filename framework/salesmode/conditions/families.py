"""Which values can be compared with each other."""

from collections.abc import Mapping
from dataclasses import dataclass

from salesmode.fieldtypes import engine_type, field_type
from salesmode.fieldtypes.lists import ListType
from salesmode.model.field import Field
from salesmode.model.object import Object

_BY_TYPE: Mapping[str, str] = {
    **dict.fromkeys(("text", "long_text", "email", "phone", "url", "auto_number", "choice", "stage"), "text"),
    **dict.fromkeys(("integer", "big_integer", "decimal", "money", "percent"), "number"),
}
# What `$user` has beside the fields of the user's own record: the target of ids (None: text); lists or not.
ENGINE_VALUES: Mapping[str, tuple[str | None, bool]] = {
    "id": ("user", False),
    "teams": ("team", True),
    "territories": ("territory", True),
    "roles": (None, True),
}


@dataclass(frozen=True, slots=True)
class Family:
    """Equal families can be compared; `target` is the object of ids. `many` is a list of such."""

    name: str
    target: str | None = None
    many: bool = False

    def __str__(self) -> str:
        if self.target:
            return f"a list of ids of {self.target}" if self.many else f"an id of {self.target}"
        return f"a list of {self.name}" if self.many else f"a {self.name}"


def family_of(field: Field, owner: Object) -> Family:
    """The family of a field of the object `owner`."""
    type_ = field_type(field.type)
    if field.type == "id":
        return Family("id", owner.name)
    if field.to is not None:
        return Family("id", field.to, type_.many)
    element = type_.element.name if isinstance(type_, ListType) else field.type
    kind = engine_type(element)
    return Family(_BY_TYPE.get(kind, kind), many=type_.many)


def family_of_user_value(name: str, user: Object) -> Family | None:
    """The family of `$user.NAME`; None where there is no such value."""
    if name in ENGINE_VALUES:
        target, many = ENGINE_VALUES[name]
        return Family("id" if target else "text", target, many)
    found = user.fields.get(name)
    if found is None or found.computed or not field_type(found.type).selectable:
        return None
    return family_of(found, user)
