"""The types of fields: how each is stored, read, bound, ordered, masked and written as JSON, on both engines.

Takes: Field (the Model's), canonical or raw values, SQL expressions.
Gives: field_type (the FieldType of a name), FIELD_TYPES, slot_of (a bound place for a value), SQL helpers.
Rejects when: a value is not of its type, or not as its field wants it: Invalid, with the key of a message.
Modules: base, sql, masks; text … user, one per type (whole and exact are shared); registry,
  slots; totals, measures.
"""

from salesmode.fieldtypes.base import FieldType, Invalid
from salesmode.fieldtypes.registry import FIELD_TYPES, engine_type, field_type
from salesmode.fieldtypes.slots import slot_of

__all__ = ["FIELD_TYPES", "FieldType", "Invalid", "engine_type", "field_type", "slot_of"]
