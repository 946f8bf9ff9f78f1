"""`user`: a reference to a user."""

from salesmode.fieldtypes.reference import ReferenceType


class UserType(ReferenceType):
    name = "user"
