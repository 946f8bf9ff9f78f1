"""`long_text`: text of many lines."""

from salesmode.fieldtypes.text import TextType


class LongTextType(TextType):
    name = "long_text"
    longest = 100_000
