"""What roles grant at all, on whatever records: who may create, and which fields somebody may know."""

from collections.abc import Iterable, Iterator

from salesmode.hookspecs import Desk
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS
from salesmode.model.role import ADMIN, ObjectGrant


def creators(model: Model, object_: str) -> frozenset[str]:
    """The roles that may create records of the object, by themselves or by what they inherit; administrators
    always. Theirs is the question whether a record is there already.
    """
    able = (name for name in model.roles if any(each.create for each in _grants(model, [name], object_)))
    return frozenset({ADMIN, *able})


def holding(model: Model, roles: Iterable[str]) -> frozenset[str]:
    """These roles, and all that they inherit."""
    found, new = set[str](), set(roles)
    while new:
        found |= new
        inherited = (model.roles[each].inherits for each in new if each in model.roles)
        new = {name for names in inherited for name in names} - found
    return frozenset(found)


def known_fields(model: Model, roles: Iterable[str], object_: str) -> frozenset[str]:
    """The fields of which these roles grant anything; none where they grant no reading of the object."""
    held = list(roles)
    if ADMIN in held:
        return frozenset(model.objects[object_].fields)
    grants = list(_grants(model, held, object_))
    if not any(each.read for each in grants):
        return frozenset()
    denied = {name for each in grants for name in each.denied}
    return frozenset(name for each in grants for name in each.fields if name not in denied)


def known_to_caller(desk: Desk, object_: str) -> frozenset[str]:
    """The fields of the object of which the caller is granted anything; the system knows all."""
    caller = desk.caller
    if object_ not in desk.model.objects:
        return frozenset()
    if caller.id is None:
        return frozenset(desk.model.objects[object_].fields)
    return known_fields(desk.model, caller.roles, object_)


def is_almighty(desk: Desk) -> bool:
    """Whether the caller sees everything: the system, and administrators."""
    return desk.caller.id is None or ADMIN in desk.caller.roles


def seen_everywhere(desk: Desk, object_: str) -> frozenset[str]:
    """The fields that the caller sees on every record of the object that they see at all."""
    grants = list(_grants(desk.model, desk.caller.roles, object_))
    denied = {name for each in grants for name in each.denied}
    clear = [
        frozenset(name for name, field in each.fields.items() if field.clear == ALWAYS)
        for each in grants
        if each.read
    ]
    return frozenset.intersection(*clear) - denied if clear else frozenset()


def sees_all(desk: Desk, object_: str) -> bool:
    """Whether the caller sees every record of the object."""
    grants = _grants(desk.model, desk.caller.roles, object_)
    return any(each.read is not None and each.read.where == ALWAYS for each in grants)


def _grants(model: Model, roles: Iterable[str], object_: str) -> Iterator[ObjectGrant]:
    """Those of the roles, and of what they inherit."""
    for role in (model.roles[each] for each in roles if each in model.roles):
        if object_ in role.objects:
            yield role.objects[object_]
        yield from _grants(model, role.inherits, object_)
