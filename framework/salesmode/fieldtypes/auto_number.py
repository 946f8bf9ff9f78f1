"""`auto_number`: a text that the engine makes from `field.format`; only import writes one (RULING 29)."""

from salesmode.fieldtypes.text import TextType


class AutoNumberType(TextType):
    name = "auto_number"
    longest = 100
