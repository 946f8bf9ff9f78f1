"""What a role grants on one object: groups and defaults spelled out field by field (RULINGS 15–17, 48)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from salesmode.compiler.analyzer.fields import check_mask, mask_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.conditions.parse import parse_condition
from salesmode.conditions.values import parse_value
from salesmode.fieldtypes import field_type
from salesmode.model.condition import ALWAYS, NEVER, Condition, Literal, Value
from salesmode.model.field import Field, Mask
from salesmode.model.grant import GRANT
from salesmode.model.object import Object
from salesmode.model.pipeline import PIPELINE
from salesmode.model.role import FieldGrant, ObjectGrant, Right
from salesmode.model.tag import TAGS

OPERATIONS = ("read", "create", "update", "delete")
_MORE = ("transfer", "merge", "export", "share", "unmask", "snapshot")
_NOT_FIELDS = ("default", "groups")
Path = tuple[str | int, ...]


class Grants:
    """Reads one role's grant on one object."""

    def __init__(self, object_: Object, objects: Mapping[str, Object], say: Reporter) -> None:
        self._object = object_
        self._objects = objects
        self._say = say
        self._path: Path = ("objects", object_.name)

    def read(self, raw: Mapping[str, Any]) -> ObjectGrant:
        """The grant as written."""
        rights = {name: self._right(name, raw) for name in (*OPERATIONS, *_MORE)}
        fields, denied = self._fields(raw.get("fields", {}))
        if rights["unmask"]:
            rights["unmask"] = self._unmasking(rights["unmask"], raw["unmask"], fields)
        if rights["snapshot"] and not self._piped:
            message = "'snapshot' has no effect on an object without pipelines"
            self._say.warning("SM901", message, *self._path, "snapshot")
        add_on = ("fields" in raw or "tags" in raw) and not any(
            name in raw for name in (*OPERATIONS, "rights")
        )
        writes = rights["create"] or rights["update"] or "rights" in raw
        if ("set" in raw or "check" in raw) and not writes:
            place = "set" if "set" in raw else "check"
            self._say.warning(
                "SM901", f"'{place}' has no effect without create or update", *self._path, place
            )
        return ObjectGrant(
            self._object.name,
            self._say.span(*self._path),
            fields,
            **rights,
            add_on=add_on,
            denied=denied,
            pipelines=self._pipelines(raw),
            tags=self._tags(raw.get("tags", {})),
        )

    @property
    def _piped(self) -> bool:
        return PIPELINE in self._object.fields and self._object.fields[PIPELINE].kept

    def _pipelines(self, raw: Mapping[str, Any]) -> tuple[str, ...] | None:
        if "pipelines" not in raw:
            return None
        known = {each.name for each in self._object.fields[PIPELINE].options} if self._piped else set()
        for at, name in enumerate(raw["pipelines"]):
            if name not in known:
                self._say.unknown("SM607", "pipeline", name, sorted(known), *self._path, "pipelines", at)
        if not any(raw.get(each) for each in ("create", "update", "rights")):
            message = "'pipelines' has no effect without create or update"
            self._say.warning("SM901", message, *self._path, "pipelines")
        return tuple(raw["pipelines"])

    def _tags(self, raw: Mapping[str, str]) -> Mapping[str, str]:
        inverse = self._object.inverses.get(TAGS)
        known = () if inverse is None else inverse.tags
        for name in raw:
            if name not in known:
                self._say.unknown("SM612", "tag", name, known, *self._path, "tags", name)
        return raw

    def _right(self, name: str, grant: Mapping[str, Any]) -> Right | None:
        raw = grant.get(name)
        if raw is None or raw is False:
            return None
        path = (*self._path, name)
        described = raw if isinstance(raw, dict) else {}
        where = self._condition(described.get("where"), (*path, "where"))
        writes = name in ("create", "update")
        presets: dict[str, Value] = {}
        checks = []
        for holder, place in ((grant, self._path), (described, path)) if writes else ((described, path),):
            presets |= self._presets(holder.get("set", {}), (*place, "set"))
            checks.append(self._condition(holder.get("check"), (*place, "check"), self._new(name)))
        check = next((each for each in reversed(checks) if each != ALWAYS), ALWAYS)
        return Right(where, self._say.span(*path), presets, check, per_day=described.get("per_day"))

    def _unmasking(self, right: Right, raw: Any, granted: Mapping[str, FieldGrant]) -> Right:
        """The named fields, or all that this role shows masked; a field that it always shows has no mask."""
        path = (*self._path, "unmask")
        if not isinstance(raw, dict) or "fields" not in raw:
            masked = frozenset(name for name, each in granted.items() if each.masked)
            if not masked:
                message = "'unmask' has no effect, for the role shows no field masked"
                self._say.warning("SM901", message, *path, hint="name the fields: `unmask: {fields: […]}`")
            return replace(right, fields=masked)
        for at, name in enumerate(raw["fields"]):
            if name not in self._object.fields:
                self._say.unknown("SM302", "field", name, self._object.fields, *path, "fields", at)
            elif name in granted and granted[name].clear == ALWAYS:
                message = f"'unmask' has no effect on '{name}', which the role always shows"
                self._say.warning("SM901", message, *path, "fields", at)
        return replace(right, fields=frozenset(raw["fields"]))

    def _presets(self, raw: Mapping[str, Any], path: Path) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for name, value in raw.items():
            field = self._object.fields.get(name)
            if field is None:
                self._say.unknown("SM302", "field", name, self._object.fields, *path, name)
                continue
            if field.computed:
                self._say.error("SM308", f"'{name}' is computed, so nothing can be set", *path, name)
                continue
            parsed = (
                self._emptied(field, *path, name)
                if value is None
                else self._valued(value, field, *path, name)
            )
            if parsed is not None:
                found[name] = parsed
        return found

    def _valued(self, value: object, field: Field, *path: str | int) -> Value | None:
        report = self._say.below(*path)
        return parse_value(value, field, object=self._object, objects=self._objects, report=report)

    def _emptied(self, field: Field, *path: str | int) -> Value | None:
        if field.required != ALWAYS:
            return Literal(None)
        self._say.error("SM308", f"'{field.name}' is required, so it cannot be left empty", *path)
        return None

    def _new(self, operation: str) -> Object:
        """What a `check` looks at: the record as it is written, or the grant that somebody gives."""
        return self._objects.get(GRANT, self._object) if operation == "share" else self._object

    def _condition(self, raw: Any, path: Path, of: Object | None = None) -> Condition:
        if raw is None:
            return ALWAYS
        report = self._say.below(*path)
        return parse_condition(raw, object=of or self._object, objects=self._objects, report=report)

    def _fields(self, raw: Mapping[str, Any]) -> tuple[dict[str, FieldGrant], frozenset[str]]:
        """An entry for each field that is granted in any way, and the fields that are denied to all."""
        self._check_names(raw)
        granted: dict[str, FieldGrant] = {}
        denied = set()
        read: dict[Path, FieldGrant | None] = {}
        for name, field in self._object.fields.items():
            if field.system:
                continue
            place, level = self._level(name, raw)
            if level == "deny":
                denied.add(name)
            if place not in read:
                read[place] = self._grant(level, (*self._path, "fields", *place))
            found = read[place]
            if found is not None:
                granted[name] = _fitting(found, field)
        return granted, frozenset(denied)

    def _level(self, name: str, raw: Mapping[str, Any]) -> tuple[Path, Any]:
        """A field's own name beats its group, which beats `default`."""
        if name in raw:
            return (name,), raw[name]
        groups = [
            group for group in raw.get("groups", {}) if name in (self._object.groups or {}).get(group, ())
        ]
        if groups:
            levels = [raw["groups"][group] for group in groups]
            if any(level != levels[0] for level in levels):
                what = f"'{name}' is in the groups {' and '.join(groups)}, which are granted differently"
                self._say.error(
                    "SM503", what, *self._path, "fields", "groups", hint=f"say `{name}: …` beside `groups`"
                )
            return ("groups", groups[0]), levels[0]
        return ("default",), raw.get("default", "none")

    def _check_names(self, raw: Mapping[str, Any]) -> None:
        path = (*self._path, "fields")
        for name in raw:
            field = self._object.fields.get(name)
            if name in _NOT_FIELDS:
                continue
            if field is None:
                self._say.unknown("SM302", "field", name, self._object.fields, *path, name)
            elif field.system:
                self._say.warning("SM901", f"'{name}' is readable on every visible record", *path, name)
        for group in raw.get("groups", {}):
            if group not in (self._object.groups or {}):
                self._say.unknown("SM305", "group", group, self._object.groups or {}, *path, "groups", group)

    def _grant(self, level: Any, path: Path) -> FieldGrant | None:
        span = self._say.span(*path)
        match level:
            case "none" | "deny":
                return None
            case "masked":
                return FieldGrant(span, masked=True)
            case "read":
                return FieldGrant(span, clear=ALWAYS)
            case "write":
                return FieldGrant(span, clear=ALWAYS, write=ALWAYS)
        return self._detailed(level, path)

    def _detailed(self, raw: Mapping[str, Any], path: Path) -> FieldGrant | None:
        """`{read: true|false|masked|{where}, write: true|false|{where}, mask}` (RULING 17)."""
        write = self._where(raw.get("write", False), (*path, "write"))
        reading = raw.get("read", write != NEVER)
        clear = write if "read" not in raw else self._where(reading, (*path, "read"))
        mask: Mask | None = None
        if "mask" in raw:
            mask = mask_of(raw["mask"])
            check_mask(mask, self._say, (*path, "mask"))
        masked = reading == "masked" or (mask is not None and clear != ALWAYS)
        if mask is not None and clear == ALWAYS:
            self._say.warning(
                "SM901", "a mask has no effect where the value is always readable", *path, "mask"
            )
        if (clear, masked, write) == (NEVER, False, NEVER):
            return None
        return FieldGrant(self._say.span(*path), clear, masked, mask, write)

    def _where(self, raw: Any, path: Path) -> Condition:
        if raw is True:
            return ALWAYS
        if raw is False or raw == "masked":
            return NEVER
        return self._condition(raw["where"], (*path, "where"))


def _fitting(grant: FieldGrant, field: Field) -> FieldGrant:
    """What of the grant the field allows: a secret is never read, and what is read-only never written."""
    readable = field_type(field.type).selectable
    writable = not field.readonly and field.type != "auto_number"
    return FieldGrant(
        grant.span,
        grant.clear if readable else NEVER,
        grant.masked and readable,
        grant.mask,
        grant.write if writable else NEVER,
    )
