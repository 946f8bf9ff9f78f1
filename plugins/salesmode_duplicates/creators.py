"""Who may create records of an object: theirs is the question whether one is there already."""

from salesmode.model.app import Model
from salesmode.model.role import ADMIN, Role


def creators(model: Model, object_: str) -> frozenset[str]:
    """The roles that grant it, by themselves or by what they inherit; administrators always."""
    return frozenset({ADMIN, *(name for name, role in model.roles.items() if _creates(model, role, object_))})


def _creates(model: Model, role: Role, object_: str) -> bool:
    grant = role.objects.get(object_)
    if grant is not None and grant.create is not None:
        return True
    return any(_creates(model, model.roles[each], object_) for each in role.inherits)
