"""What is asked about the tags of a record by their names alone: `has hasAny hasAll isEmpty`."""

from collections.abc import Sequence

from salesmode.model.condition import ALWAYS, Compare, Condition, Literal, Over, both
from salesmode.model.object import Inverse

ONE_OF_THEM, SOME_OF_THEM, IS_EMPTY = "has", ("hasAny", "hasAll"), "isEmpty"
TAG_OPERATORS = (ONE_OF_THEM, *SOME_OF_THEM, IS_EMPTY)


def tagged(inverse: Inverse, operator: str, names: Sequence[str]) -> Condition:
    """Whether the record has the tag, or any, or all of them."""
    if operator == "hasAny":
        return Over(inverse.name, "some", Compare("name", "in", Literal(tuple(names))))
    return both(*(Over(inverse.name, "some", Compare("name", "eq", Literal(each))) for each in names))


def untagged(inverse: Inverse, *, empty: bool) -> Condition:
    """Whether the record has no tag at all, or some."""
    return Over(inverse.name, "none" if empty else "some", ALWAYS)
