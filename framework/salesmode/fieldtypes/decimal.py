"""`decimal`: an exact number with `scale` places."""

from salesmode.fieldtypes.exact import ExactType


class DecimalType(ExactType):
    name = "decimal"
