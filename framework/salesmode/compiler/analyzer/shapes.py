"""Objects with fields and relations, still without conditions: what conditions are read against."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from salesmode.compiler.analyzer.assignments import told_field
from salesmode.compiler.analyzer.fields import POINTING, FieldMaker
from salesmode.compiler.analyzer.labels import label_of, optional_label
from salesmode.compiler.analyzer.report import Reporter
from salesmode.model.field import Field
from salesmode.model.label import Label
from salesmode.model.object import Inverse, Object, Unique

_PARTNERS = (
    "activity",
    "task",
)  # what `activities: true` links to, with the inverses `activities` and `tasks`
_SYSTEM_NAMES = ("id", "created_at", "created_by", "updated_at", "updated_by", "version")


def shapes_of(reporters: Mapping[str, Reporter], maker: FieldMaker) -> dict[str, Object]:
    """Every object by name. A reference to nothing is reported and left out."""
    found = {name: _shape(say, maker) for name, say in reporters.items()}
    found = _with_activities(found, reporters, maker)
    found = {name: _known(each, found, reporters[name]) for name, each in found.items()}
    return _with_inverses(found, reporters, maker)


def _shape(say: Reporter, maker: FieldMaker) -> Object:
    raw, name, locales = say.document.data, say.document.name, maker.app.locales
    fields = maker.system(say.span())
    for each, described in raw.get("fields", {}).items():
        if each in _SYSTEM_NAMES or each == "deleted_at":
            say.error("SM306", f"'{each}' is a field that every record has already", "fields", each)
        else:
            fields[each] = maker.declared(each, described, say)
            fields |= told_field(fields[each], described, maker, say)
    if raw.get("owned") and "owner" not in fields:
        fields["owner"] = maker.owner(say.span("owned"))
    label = label_of(raw.get("label"), locales, name)
    plural = raw.get("plural") or ("people" if name == "person" else f"{name}s")
    return Object(
        name=name,
        plural=plural,
        label=label,
        plural_label=_plural_label(raw, label, locales, plural),
        span=say.document.value_place(("name",)),
        title=_title(raw, fields, say),
        fields=fields,
        inverses={},
        help=optional_label(raw.get("help"), locales),
        owned=raw.get("owned", False),
        activities=raw.get("activities", False),
        groups={group: tuple(names) for group, names in raw.get("groups", {}).items()},
        unique=_uniques(raw, fields, say),
        indexes=_indexes(raw, fields, say),
        renamed_from=raw.get("renamed_from"),
    )


def _plural_label(raw: Mapping[str, Any], label: Label, locales: Sequence[str], plural: str) -> Label:
    return label_of(raw["plural_label"], locales, plural) if "plural_label" in raw else label


def _title(raw: Mapping[str, Any], fields: Mapping[str, Field], say: Reporter) -> str:
    """The template of a record's title (RULING 46)."""
    written = raw.get("title")
    if written is None:
        numbered = (name for name, field in fields.items() if field.type == "auto_number")
        return "{" + ("name" if "name" in fields else next(numbered, "id")) + "}"
    template = written if "{" in written else f"{{{written}}}"
    for piece in _placeholders(template):
        if piece not in fields:
            say.unknown("SM302", "field", piece, fields, "title")
    return str(template)


def _placeholders(template: str) -> list[str]:
    return [piece.partition("}")[0] for piece in template.split("{")[1:]]


def _uniques(raw: Mapping[str, Any], fields: Mapping[str, Field], say: Reporter) -> tuple[Unique, ...]:
    found = []
    for at, entry in enumerate(raw.get("unique", [])):
        names = entry["fields"] if isinstance(entry, dict) else entry
        path = ("unique", at, "fields") if isinstance(entry, dict) else ("unique", at)
        if _all_known(names, fields, say, path):
            fold = isinstance(entry, dict) and entry.get("fold", False)
            found.append(Unique("_".join(names), tuple(names), fold))
    return tuple(found)


def _indexes(
    raw: Mapping[str, Any], fields: Mapping[str, Field], say: Reporter
) -> tuple[tuple[str, ...], ...]:
    entries = enumerate(raw.get("indexes", []))
    return tuple(tuple(names) for at, names in entries if _all_known(names, fields, say, ("indexes", at)))


def _all_known(
    names: Sequence[str], fields: Mapping[str, Field], say: Reporter, path: tuple[str | int, ...]
) -> bool:
    for at, name in enumerate(names):
        if name not in fields:
            say.unknown("SM302", "field", name, fields, *path, at)
    return all(name in fields for name in names)


def _with_activities(
    objects: Mapping[str, Object], reporters: Mapping[str, Reporter], maker: FieldMaker
) -> dict[str, Object]:
    found = dict(objects)
    for name, each in objects.items():
        for partner in _PARTNERS if each.activities else ():
            if partner in found and name not in found[partner].fields:
                link = maker.link(name, each.label, reporters[name].span("activities"))
                found[partner] = replace(found[partner], fields={**found[partner].fields, name: link})
    return found


def _known(object_: Object, objects: Mapping[str, Object], say: Reporter) -> Object:
    """Without fields that refer to nothing."""
    found = (_pointed(field, object_, objects, say) for field in object_.fields.values())
    return replace(object_, fields={field.name: field for field in found if field is not None})


def _pointed(field: Field, object_: Object, objects: Mapping[str, Object], say: Reporter) -> Field | None:
    """The field; where it refers to nothing, to what was probably meant, so that its uses are checked too."""
    if field.to is None:
        return None if field.type in ("reference", "multi_reference") else field
    if field.to not in objects:
        say.unknown("SM303", "object", field.to, objects, "fields", field.name, "to")
        near = get_close_matches(field.to, objects, n=1)
        return replace(field, to=near[0]) if near else None
    if field.tree and field.to != object_.name:
        say.error("SM303", f"a tree refers to its own object, '{object_.name}'", "fields", field.name, "tree")
    return field


def _with_inverses(
    objects: Mapping[str, Object], reporters: Mapping[str, Reporter], maker: FieldMaker
) -> dict[str, Object]:
    inverses: dict[str, dict[str, Inverse]] = {name: {} for name in objects}
    for name, each in objects.items():
        for field in each.fields.values():
            inverse = _inverse(field, each, objects, reporters[name], maker)
            if inverse is None or field.to is None:
                continue
            if inverse.name in inverses[field.to]:
                place = ("fields", field.name, "inverse")
                reporters[name].error(
                    "SM301", f"'{field.to}' has another relation named '{inverse.name}'", *place
                )
            inverses[field.to][inverse.name] = inverse
    return {name: replace(each, inverses=inverses[name]) for name, each in objects.items()}


def _inverse(
    field: Field, owner: Object, objects: Mapping[str, Object], say: Reporter, maker: FieldMaker
) -> Inverse | None:
    if field.type not in POINTING or field.system:
        return None
    raw = say.document.data.get("fields", {}).get(field.name)
    if raw is None:
        linked = owner.name in _PARTNERS and field.to is not None and objects[field.to].activities
        return Inverse(owner.plural, owner.plural_label, owner.name, field.name) if linked else None
    written = raw.get("inverse")
    if written is None:
        return None
    name = written if isinstance(written, str) else written.get("name", owner.plural)
    label = None if isinstance(written, str) else written.get("label")
    if label is None:
        return Inverse(name, owner.plural_label, owner.name, field.name)
    return Inverse(name, label_of(label, maker.app.locales, name), owner.name, field.name)
