"""`money`: an amount in the app's currency, whose places are the scale."""

from salesmode.fieldtypes.exact import ExactType


class MoneyType(ExactType):
    name = "money"
