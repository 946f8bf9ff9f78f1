"""Values that the database does not have: in their place the text says what their maker needs to know.

A hole is `OPEN number : [id, version, needed values…] CLOSE`. No JSON text has these two characters, so a
whole answer can be cut at its holes without being read. Where a needed field is hidden there is none: null.
"""

from sqlalchemy import ColumnElement, and_, case

from salesmode.access.scope import PolicyScope
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.scope import Source
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.sql import NULL_JSON
from salesmode.model.condition import ALWAYS
from salesmode.queries import nodes
from salesmode.queries.json_text import joined

OPEN, CLOSE = "\x01", "\x02"
ALWAYS_TOLD = ("id", "version")


def hole_json(hole: nodes.Hole, source: Source, scope: PolicyScope) -> ColumnElement[str]:
    """The hole on the rows where all that is needed may be read."""
    granted = scope.policy.objects[source.object.name].fields
    pieces: list[str | ColumnElement[str]] = [f"{OPEN}{hole.number}:["]
    for at, name in enumerate((*ALWAYS_TOLD, *hole.needs)):
        field = source.object.fields[name]
        value = scope.readable(source, name).value
        pieces += ["," if at else "", field_type(field.type).json(field, value, scope.dialect)]
    text = joined([*pieces, f"]{CLOSE}"])
    guards = dict.fromkeys(granted[name].clear for name in hole.needs if granted[name].clear != ALWAYS)
    clear = [compile_condition(each, source, scope.system) for each in guards]
    return case((and_(*clear), text), else_=NULL_JSON) if clear else text
