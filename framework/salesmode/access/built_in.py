"""What roles grant that nobody wrote: the administrator's, what everyone reads of themselves, and rows that
only the engine writes.
"""

from salesmode.diagnostics import Span
from salesmode.model.access_log import ACCESS_LOG
from salesmode.model.condition import ALWAYS, Compare, Condition, UserValue
from salesmode.model.object import Object
from salesmode.model.role import FieldGrant, ObjectGrant, Right

OWN_FIELDS = ("name", "email", "locale", "team", "roles")
_ENGINE = Span("engine", 0, 0)


def everything(object_: Object) -> ObjectGrant:
    """Every right on every row."""
    right = Right(ALWAYS, _ENGINE)
    fields = {name: FieldGrant(_ENGINE, clear=ALWAYS, write=ALWAYS) for name in object_.fields}
    if object_.name == ACCESS_LOG:  # written by nobody: the engine keeps it
        return ObjectGrant(object_.name, _ENGINE, fields, read=right, export=right)
    return ObjectGrant(
        object_.name, _ENGINE, fields, right, right, right, right, right, right, right, right, snapshot=right
    )


def only_read(object_: Object, where: Condition) -> ObjectGrant:
    """Rows whose every field is clear; the engine writes them."""
    fields = {name: FieldGrant(_ENGINE, clear=ALWAYS) for name in object_.fields}
    return ObjectGrant(object_.name, _ENGINE, fields, read=Right(where, _ENGINE))


def own_record(object_: Object) -> ObjectGrant:
    """Everyone may see who they are."""
    fields = {name: FieldGrant(_ENGINE, clear=ALWAYS) for name in OWN_FIELDS if name in object_.fields}
    own = Right(Compare("id", "eq", UserValue("id")), _ENGINE)
    return ObjectGrant(object_.name, _ENGINE, fields, read=own)
