"""What roles are granted without a word in them."""

from salesmode.model.condition import ALWAYS, Compare, UserValue
from salesmode.model.object import Object
from salesmode.model.role import FieldGrant, ObjectGrant, Right

_OWN = ("name", "email", "locale", "team", "roles")


def whole(object_: Object) -> ObjectGrant:
    """Every field of every row; a stage of no pipeline is no field."""
    told = [each for each in object_.fields.values() if each.type != "stage" or each.options]
    fields = {each.name: FieldGrant(object_.span, clear=ALWAYS) for each in told}
    return ObjectGrant(object_.name, object_.span, fields, read=Right(ALWAYS, object_.span))


def own(object_: Object) -> ObjectGrant:
    """Everyone reads who they are."""
    span = object_.span
    fields = {name: FieldGrant(span, clear=ALWAYS) for name in _OWN if name in object_.fields}
    return ObjectGrant("user", span, fields, read=Right(Compare("id", "eq", UserValue("id")), span))
