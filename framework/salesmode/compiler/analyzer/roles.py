"""Roles: inheritance, grants, and whether what must be filled can be filled."""

from collections.abc import Iterator, Mapping

from salesmode.compiler.analyzer.details import with_parents_rights
from salesmode.compiler.analyzer.grants import Grants
from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.analyzer.revealing import check_revealed
from salesmode.model.access_log import ACCESS_LOG
from salesmode.model.app import App
from salesmode.model.condition import ALWAYS, NEVER
from salesmode.model.field import Field
from salesmode.model.grant import GRANT
from salesmode.model.object import Object
from salesmode.model.pipeline import PIPELINE, STAGE, STAGE_CHANGE, STATUS
from salesmode.model.role import ADMIN, SYSTEM, ObjectGrant, Role
from salesmode.model.snapshot import ITEM, SNAPSHOT
from salesmode.model.tag import TAG

BUILT_IN = (ADMIN, SYSTEM)

_STANDING = f"`{PIPELINE}`, `{STAGE}` and `{STATUS}`"
# Objects of the engine whose rights nobody grants, and what is granted instead.
_FOLLOWING: Mapping[str, tuple[str, str]] = {
    GRANT: (
        "the rights to a grant are those to its record",
        "grant `read` and `share` on the object that the records are of",
    ),
    STAGE_CHANGE: (
        "the rights to a stage change follow from those to its record",
        f"grant `read`, and {_STANDING} in `fields`, on what has pipelines",
    ),
    **dict.fromkeys(
        (SNAPSHOT, ITEM),
        (
            "the rights to snapshots follow from those to the records in them",
            f"grant `read`, `snapshot`, and {_STANDING} in `fields`, on what has pipelines",
        ),
    ),
    TAG: (
        "the rights to a tag follow from those to its record",
        "grant `tags: {NAME: read}` on the object that carries it",
    ),
}


def roles_of(reporters: Mapping[str, Reporter], objects: Mapping[str, Object], app: App) -> dict[str, Role]:
    """Every role by name."""
    roles = {name: _role(say, objects, app) for name, say in reporters.items()}
    for name, role in roles.items():
        _check_inherits(role, roles, reporters[name])
    roles = {
        name: with_parents_rights(role, [role, *_above(role, roles)], objects, reporters[name])
        for name, role in roles.items()
    }
    for name, role in roles.items():
        _check_fillable(role, roles, objects, reporters[name])
    check_revealed(roles, objects, reporters)
    return roles


def _role(say: Reporter, objects: Mapping[str, Object], app: App) -> Role:
    name, raw = say.document.name, say.document.data
    if name in BUILT_IN:
        say.error("SM306", f"the role '{name}' is the engine's own", "name", hint="choose another name")
    grants = {}
    for object_name, grant in raw.get("objects", {}).items():
        if object_name in _FOLLOWING:
            message, hint = _FOLLOWING[object_name]
            say.error("SM504", message, "objects", object_name, hint=hint)
        elif object_name == ACCESS_LOG and not _only_reads(grant):
            hint = "grant `read` and `fields`"
            say.error(
                "SM504", "the access log is written by the engine alone", "objects", ACCESS_LOG, hint=hint
            )
        elif object_name in objects:
            grants[object_name] = Grants(objects[object_name], objects, say).read(grant)
        else:
            say.unknown("SM303", "object", object_name, objects, "objects", object_name)
    label = label_of(raw.get("label"), app.locales, name)
    return Role(name, label, say.document.value_place(("name",)), tuple(raw.get("inherits", ())), grants)


def _only_reads(grant: Mapping[str, object]) -> bool:
    return not any(key not in ("read", "fields") and grant[key] for key in grant)


def _check_inherits(role: Role, roles: Mapping[str, Role], say: Reporter) -> None:
    for at, name in enumerate(role.inherits):
        if name not in roles:
            say.unknown("SM304", "role", name, roles, "inherits", at)
    if role.name in {each.name for each in _above(role, roles)}:
        say.error("SM315", f"role '{role.name}' inherits itself", "inherits")


def _above(role: Role, roles: Mapping[str, Role]) -> Iterator[Role]:
    """Every role that is inherited, each once."""
    seen: set[str] = set()
    waiting = list(role.inherits)
    while waiting:
        name = waiting.pop()
        if name not in seen and name in roles:
            seen.add(name)
            yield roles[name]
            waiting += roles[name].inherits


def _check_fillable(
    role: Role, roles: Mapping[str, Role], objects: Mapping[str, Object], say: Reporter
) -> None:
    """A required field that the role may not write needs a default or a preset where the role may create.

    Told once, where the creation is granted, and not again of each role that inherits it.
    """
    held = [role, *_above(role, roles)]
    for name, own in role.objects.items():
        if own.create is None or name not in objects:
            continue
        grants = [each.objects[name] for each in held if name in each.objects]
        for field in objects[name].fields.values():
            if _empty(field) and not _filled(field, grants):
                say.error(
                    "SM501",
                    f"role '{role.name}' may create '{name}', but nothing fills the required '{field.name}'",
                    "objects",
                    name,
                    hint=f"grant `{field.name}: write`, preset it by `set`, or give the field a default",
                )


def _empty(field: Field) -> bool:
    return (
        field.required == ALWAYS
        and not field.system
        and not field.kept
        and field.default is None
        and field.type != "auto_number"
    )


def _filled(field: Field, grants: list[ObjectGrant]) -> bool:
    written = any(grant.fields[field.name].write != NEVER for grant in grants if field.name in grant.fields)
    preset = any(grant.create is not None and field.name in (grant.create.presets or {}) for grant in grants)
    return written or preset
