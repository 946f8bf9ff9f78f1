"""Roles: inheritance and grants."""

from collections.abc import Mapping

from salesmode.compiler.analyzer.details import with_parents_rights
from salesmode.compiler.analyzer.filling import check_fillable
from salesmode.compiler.analyzer.grants import Grants
from salesmode.compiler.analyzer.inheritance import held, inherits_itself
from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.analyzer.revealing import check_revealed
from salesmode.model.access_log import ACCESS_LOG
from salesmode.model.app import App
from salesmode.model.grant import GRANT
from salesmode.model.object import Object
from salesmode.model.pipeline import PIPELINE, STAGE, STAGE_CHANGE, STATUS
from salesmode.model.role import ADMIN, SYSTEM, Role
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
        name: with_parents_rights(role, held(role, roles), objects, reporters[name])
        for name, role in roles.items()
    }
    check_fillable(roles, objects, reporters)
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
    if inherits_itself(role, roles):
        say.error("SM315", f"role '{role.name}' inherits itself", "inherits")
