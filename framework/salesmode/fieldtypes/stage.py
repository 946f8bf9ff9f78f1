"""`stage`: where a record stands in its pipeline, stored by the stage's name (RULING 31)."""

from salesmode.fieldtypes.base import EQUALITY
from salesmode.fieldtypes.choice import ChoiceType


class StageType(ChoiceType):
    """A choice among the stages of all pipelines of its object; positions count within the row's own."""

    name = "stage"
    operators = (*EQUALITY, "before", "after", "atLeast")
