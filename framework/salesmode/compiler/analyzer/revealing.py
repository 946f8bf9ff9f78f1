"""Whom a computed field shows what the role may not read by itself: allowed, and told (RULING 9)."""

from collections.abc import Iterator, Mapping

from salesmode.compiler.analyzer.inheritance import held
from salesmode.compiler.analyzer.report import Reporter
from salesmode.conditions.mentions import mentions
from salesmode.model.computed import Formula, Holds, Rollup, reads_of
from salesmode.model.condition import NEVER
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.model.role import Role

REVEALS = "SM715"

Objects = Mapping[str, Object]
Named = tuple[str, str]


def check_revealed(roles: Mapping[str, Role], objects: Objects, reporters: Mapping[str, Reporter]) -> None:
    """One warning for each computed field that a role itself grants, and whose source it does not read."""
    for name, role in roles.items():
        for grant in role.objects.values():
            object_ = objects[grant.object]
            for field_name, cell in grant.fields.items():
                field = object_.fields[field_name]
                hidden = _hidden(field, object_, roles, role, objects) if cell.clear != NEVER else []
                if hidden:
                    what = ", ".join(f"'{each}.{other}'" for each, other in hidden)
                    read = f"{object_.name}.{field_name}"
                    message = f"'{name}' reads '{read}', and not {what} that it is computed from"
                    reporters[name].collector.warning(
                        REVEALS, message, cell.span, hint=f"say `{field_name}: none` if it should not"
                    )


def _hidden(
    field: Field, object_: Object, roles: Mapping[str, Role], role: Role, objects: Objects
) -> list[Named]:
    if field.computed is None:
        return []
    known = held(role, roles)
    found = dict.fromkeys(_sources(field, object_, objects, frozenset()))
    return [each for each in found if not _reads(known, *each, objects)]


def _reads(roles: list[Role], object_name: str, field: str, objects: Objects) -> bool:
    """What the engine itself keeps about a record is seen with the record."""
    if objects[object_name].stored_as is not None:
        return True
    grants = [each.objects[object_name] for each in roles if object_name in each.objects]
    if not any(each.read and not each.add_on for each in grants):
        return False
    described = objects[object_name].fields[field]
    return described.system or any(
        field in each.fields and each.fields[field].clear != NEVER for each in grants
    )


def _sources(field: Field, object_: Object, objects: Objects, above: frozenset[Named]) -> Iterator[Named]:
    """The fields with a value of their own that it is computed from; of a count the references it counts."""
    named = (object_.name, field.name)
    if field.computed is None:
        yield named
    elif named not in above:
        for other, each in _direct(field, object_, objects):
            yield from _sources(each, other, objects, above | {named})


def _direct(field: Field, object_: Object, objects: Objects) -> Iterator[tuple[Object, Field]]:
    if isinstance(field.computed, Formula):
        for read in reads_of(field.computed.expression):
            yield _end(object_, (*read.path, read.field), objects)
    if isinstance(field.computed, Holds):
        yield from ((object_, object_.fields[name]) for name in sorted(mentions(field.computed.condition)))
    if isinstance(field.computed, Rollup) and field.computed.over in object_.inverses:
        rollup, inverse = field.computed, object_.inverses[field.computed.over]
        child = objects[inverse.object]
        yield _end(child, (*rollup.path, rollup.field or inverse.field), objects)


def _end(object_: Object, path: tuple[str, ...], objects: Objects) -> tuple[Object, Field]:
    *steps, last = path
    for step in steps:
        object_ = objects[str(object_.fields[step].to)]
    return object_, object_.fields[last]
