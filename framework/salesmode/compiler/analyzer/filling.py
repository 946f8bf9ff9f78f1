"""Whether whoever may create a record can fill what it requires (RULINGS 15, 48)."""

from collections.abc import Iterator, Mapping, Sequence

from salesmode.compiler.analyzer.inheritance import held
from salesmode.compiler.analyzer.report import Reporter
from salesmode.model.condition import ALWAYS, NEVER, Literal
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.model.role import ObjectGrant, Role

UNFILLED = "SM501"

Objects = Mapping[str, Object]
Named = tuple[str, str]


def check_fillable(roles: Mapping[str, Role], objects: Objects, reporters: Mapping[str, Reporter]) -> None:
    """A required field without a default needs a write or a preset of a role that grants the creation.

    Told of each role alone with what it inherits, and not again of a role that inherits one of which it is
    told already.
    """
    missing = {name: list(_missing(held(role, roles), objects)) for name, role in roles.items()}
    for name, role in roles.items():
        above = {each.name for each in held(role, roles)} - {name}
        told = {named for each in above for named in missing[each]}
        for named in missing[name]:
            if named not in told:
                _tell(role, named, reporters[name])


def _tell(role: Role, named: Named, say: Reporter) -> None:
    object_name, field = named
    own = object_name in role.objects
    say.error(
        UNFILLED,
        f"role '{role.name}' may create '{object_name}', but nothing fills the required '{field}'",
        *(("objects", object_name) if own else ("inherits",)),
        hint=f"grant `{field}: write` where `create` is granted, preset it by `set`, or give it a default",
    )


def _missing(roles: Sequence[Role], objects: Objects) -> Iterator[Named]:
    for name in dict.fromkeys(each for role in roles for each in role.objects):
        grants = [role.objects[name] for role in roles if name in role.objects]
        creating = [each for each in grants if _creates(each)]
        for field in objects[name].fields.values() if creating else ():
            if _empty(field) and not _filled(field, creating, grants):
                yield name, field.name


def _creates(grant: ObjectGrant) -> bool:
    return grant.create is not None and grant.create.where != NEVER and not grant.add_on


def _empty(field: Field) -> bool:
    return (
        field.required == ALWAYS
        and not field.system
        and not field.kept
        and field.default is None
        and field.type != "auto_number"
    )


def _filled(field: Field, creating: Sequence[ObjectGrant], grants: Sequence[ObjectGrant]) -> bool:
    """By whoever creates: a write of the same role or of an add-on, which nobody takes away; or a preset."""
    if any(_preset(field, each) for each in creating):
        return True
    if field.readonly or any(field.name in each.denied for each in grants):
        return False
    writing = [*creating, *(each for each in grants if each.add_on)]
    cells = (each.fields.get(field.name) for each in writing)
    return any(cell is not None and cell.write != NEVER for cell in cells)


def _preset(field: Field, grant: ObjectGrant) -> bool:
    presets = (grant.create and grant.create.presets) or {}
    return field.name in presets and presets[field.name] != Literal(None)
