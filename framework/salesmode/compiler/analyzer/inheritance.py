"""Which roles a role stands for."""

from collections.abc import Mapping

from salesmode.model.role import Role


def held(role: Role, roles: Mapping[str, Role]) -> list[Role]:
    """The role and all that it inherits, each once."""
    found = {role.name: role}
    waiting = list(role.inherits)
    while waiting:
        name = waiting.pop()
        if name not in found and name in roles:
            found[name] = roles[name]
            waiting += roles[name].inherits
    return list(found.values())


def inherits_itself(role: Role, roles: Mapping[str, Role]) -> bool:
    """Whether one that it inherits inherits it again."""
    above = (roles[name] for name in role.inherits if name in roles)
    return any(role in held(each, roles) for each in above)
