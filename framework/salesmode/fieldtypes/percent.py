"""`percent`: an exact number; 5 means 5 %."""

from salesmode.fieldtypes.exact import ExactType


class PercentType(ExactType):
    name = "percent"
