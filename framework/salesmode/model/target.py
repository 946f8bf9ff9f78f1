"""A target: what users and teams are to reach in a period (D13, D55). How much is a record of core's object
`quota`.
"""

from dataclasses import dataclass

from salesmode.diagnostics import Span
from salesmode.model.condition import Condition
from salesmode.model.label import Label

QUOTA = "quota"
PERIODS = ("month", "quarter", "year")
HOLDERS = ("user", "team")
"""Whose a quota may be: each is a field of it."""


@dataclass(frozen=True, slots=True)
class Target:
    """The sum of `field` (None: the count) of the records of `object` where `where` holds, in the `period`
    that `date` falls in, for the user that `user` refers to.

    It is asked with the rights of whoever asks; `roles`: who is offered it (None: whoever may ask it).
    """

    name: str
    object: str
    label: Label
    span: Span
    field: str | None
    where: Condition
    date: str
    user: str
    period: str
    roles: tuple[str, ...] | None = None
