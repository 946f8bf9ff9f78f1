"""`reference`: the id of a row of another object. Its JSON is the id; the planner makes that of the row."""

from salesmode.fieldtypes.base import EQUALITY
from salesmode.fieldtypes.identifier import IdType


class ReferenceType(IdType):
    name = "reference"
    scalar = "reference"
    operators = (*EQUALITY, "under")
