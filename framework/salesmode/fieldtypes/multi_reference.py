"""`multi_reference`: ids of several rows of another object."""

from salesmode.fieldtypes.lists import ListType
from salesmode.fieldtypes.reference import ReferenceType


class MultiReferenceType(ListType):
    name = "multi_reference"
    scalar = "reference"
    element = ReferenceType()
