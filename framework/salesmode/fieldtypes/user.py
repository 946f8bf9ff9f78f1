"""`user`: a reference to a user."""

from salesmode.fieldtypes.base import EQUALITY
from salesmode.fieldtypes.reference import ReferenceType


class UserType(ReferenceType):
    name = "user"
    operators = EQUALITY
