"""What the engine wants of users: roles that there are, and a name that is not its own (RULINGS 5, 48)."""

from collections.abc import Iterator

from salesmode.fieldtypes import Invalid
from salesmode.model.role import ADMIN, SYSTEM
from salesmode.records.subject import Subject

UNKNOWN_ROLE = "unknown_role"


def checks_roles(subject: Subject, name: str) -> bool:
    """Whether the field holds names of roles."""
    return subject.object.name == "user" and name == "roles"


def unfit(subject: Subject, name: str, value: object) -> Iterator[Invalid]:
    """What is wrong with a canonical value of a field, if it is a user's."""
    if checks_roles(subject, name) and isinstance(value, tuple):
        roles = subject.tables.model.roles
        for each in value:
            if each != ADMIN and each not in roles:
                yield Invalid(UNKNOWN_ROLE, value=each)
    if subject.object.name == "user" and name == "name" and value == SYSTEM:
        yield Invalid("name_of_the_engine", value=value)
