"""Documents of kind `tag`: first what they say by themselves, then what is said against the objects."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from salesmode.compiler.analyzer.durations import duration_of
from salesmode.compiler.analyzer.fields import FieldMaker
from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.options import NOT_NAMES
from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.analyzer.rules import Rules
from salesmode.compiler.analyzer.validations import condition_of
from salesmode.conditions.computed import ranged_over
from salesmode.conditions.mentions import user_values
from salesmode.conditions.values import parse_value
from salesmode.model.app import App
from salesmode.model.condition import NEVER, Condition, Value
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.model.pipeline import Pipeline
from salesmode.model.tag import PROMOTED, TAGS, Promotion, Tag, TagState

WRONG_TAG, WRONG_PROMOTION = "SM610", "SM611"

FIELD_TYPES = (
    "text",
    "long_text",
    "integer",
    "big_integer",
    "decimal",
    "money",
    "percent",
    "boolean",
    "date",
    "datetime",
    "choice",
    "multi_choice",
    "email",
    "phone",
    "url",
    "json",
)
_NOT_OF_VALUES = ("unique", "index", "searchable", "when", "assign", "mask", "readonly", "history")

Objects = Mapping[str, Object]
Pipelines = Mapping[str, Pipeline]
Reporters = Mapping[str, Reporter]


def tag_outlines(
    reporters: Reporters, objects: Objects, pipelines: Pipelines, maker: FieldMaker
) -> dict[str, Tag]:
    """The tags by name, without what depends on fields of objects; one of no known object is reported and
    left out.
    """
    found = (_outline(say, objects, pipelines, maker) for say in reporters.values())
    tags = {each.name: each for each in found if each is not None}
    _check_targets(tags, reporters, pipelines)
    return tags


def tags_of(
    outlines: Mapping[str, Tag], reporters: Reporters, objects: Objects, pipelines: Pipelines, app: App
) -> dict[str, Tag]:
    """The same with their rules, and with what they become."""
    return {
        name: _Filling(each, reporters[name], objects, pipelines, app).filled()
        for name, each in outlines.items()
    }


def _outline(say: Reporter, objects: Objects, pipelines: Pipelines, maker: FieldMaker) -> Tag | None:
    raw, name, locales = say.document.data, say.document.name, maker.app.locales
    if name in NOT_NAMES:
        say.error_at_value("SM306", f"a tag may not be named '{name}'", "name")
    if "object" not in raw:
        say.missing(f"the tag '{name}' does not say whose it is", "object", hint="add `object: …`")
        return None
    if raw["object"] not in objects:
        say.unknown("SM303", "object", raw["object"], objects, "object")
        return None
    opportunity, auto = raw.get("opportunity", {}), "auto" in raw
    if auto and "expires_after" in raw:
        hint = "leave it out, or say the time in `auto: {where: …}`"
        say.error(WRONG_TAG, "a tag that is kept by rule ends with its rule", "expires_after", hint=hint)
    return Tag(
        name=name,
        object=raw["object"],
        label=label_of(raw.get("label"), locales, name),
        span=say.document.value_place(("name",)),
        line=opportunity.get("line"),
        probability=Decimal(opportunity.get("probability", 0)),
        states=tuple(_states(say, maker)),
        fields=_fields(say, maker),
        auto=NEVER if auto else None,
        expires_after=duration_of(raw["expires_after"]) if "expires_after" in raw else None,
        promote_to=_promotion(say, pipelines),
    )


def _states(say: Reporter, maker: FieldMaker) -> Iterator[TagState]:
    for at, entry in enumerate(say.document.data.get("states", ())):
        raw = entry if isinstance(entry, Mapping) else {"name": entry}
        name = raw["name"]
        if name in (PROMOTED, *NOT_NAMES):
            why = "it is the state of a tag that became a record" if name == PROMOTED else "it is no name"
            say.error("SM306", f"a state may not be named '{name}': {why}", "states", at)
        yield TagState(name, label_of(raw.get("label"), maker.app.locales, name))


def _fields(say: Reporter, maker: FieldMaker) -> dict[str, Field]:
    return {
        name: field
        for name, raw in say.document.data.get("fields", {}).items()
        if (field := _field(name, raw, say, maker)) is not None
    }


def _field(name: str, raw: Mapping[str, Any], say: Reporter, maker: FieldMaker) -> Field | None:
    """A value of the tag: read like a field, but it is no column, so nothing can lean on it."""
    if raw.get("type", "text") not in FIELD_TYPES:
        message = f"a tag has no field of the type '{raw['type']}'"
        hint = f"types of a tag's fields: {', '.join(FIELD_TYPES)}"
        say.error_at_value(WRONG_TAG, message, "fields", name, "type", hint=hint)
        return None
    for key in _NOT_OF_VALUES:
        if key in raw:
            say.error(WRONG_TAG, f"'{key}' does not go with a field of a tag", "fields", name, key)
    if isinstance(raw.get("required"), Mapping):
        message = "a field of a tag is required always or never"
        say.error_at_value(WRONG_TAG, message, "fields", name, "required", hint="write `required: true`")
        return None
    return maker.declared(name, raw, say)


def _promotion(say: Reporter, pipelines: Pipelines) -> Promotion | None:
    raw = say.document.data.get("promote_to")
    if raw is None:
        return None
    if raw["pipeline"] not in pipelines:
        say.unknown("SM607", "pipeline", raw["pipeline"], pipelines, "promote_to", "pipeline")
        return None
    return Promotion(raw["pipeline"], {}, say.span("promote_to"))


def _check_targets(tags: Mapping[str, Tag], reporters: Reporters, pipelines: Pipelines) -> None:
    """What the tags of one object become is of one object: their mutation has one input and one payload."""
    first: dict[str, tuple[str, str]] = {}
    for tag in tags.values():
        if tag.promote_to is None:
            continue
        target = pipelines[tag.promote_to.pipeline].object
        name, other = first.setdefault(tag.object, (tag.name, target))
        if other != target:
            message = f"all tags of '{tag.object}' become one kind of record: '{name}' becomes '{other}'"
            reporters[tag.name].error_at_value(WRONG_PROMOTION, message, "promote_to", "pipeline")


class _Filling:
    """One tag, now that all objects are known."""

    def __init__(self, tag: Tag, say: Reporter, objects: Objects, pipelines: Pipelines, app: App) -> None:
        self._tag = tag
        self._say = say
        self._objects = objects
        self._pipelines = pipelines
        self._app = app

    def filled(self) -> Tag:
        promotion = self._tag.promote_to
        return replace(
            self._tag,
            fields=self._fields(),
            auto=None if self._tag.auto is None else self._rule(),
            promote_to=None if promotion is None else self._promotion(promotion),
        )

    def _fields(self) -> Mapping[str, Field]:
        """With their defaults, read as an object's are."""
        span, label = self._tag.span, self._tag.label
        own = Object(self._tag.name, self._tag.name, label, label, span, "", dict(self._tag.fields or {}), {})
        return Rules(self._app, self._objects, own, self._say).filled().fields

    def _rule(self) -> Condition:
        path = ("auto", "where")
        object_ = self._objects[self._tag.object]
        found = condition_of(
            self._say.document.data["auto"]["where"], path, object_, self._objects, self._say
        )
        if user_values(found):
            message = "a rule of a tag is nobody's, so it cannot look at $user"
            self._say.error_at_value(WRONG_TAG, message, *path)
        if TAGS in ranged_over(found, self._objects[self._tag.object]):
            message = "a rule of a tag cannot look at the tags of its record"
            self._say.error_at_value(
                WRONG_TAG, message, *path, hint="say in the rule what those tags follow from"
            )
        return found

    def _promotion(self, promotion: Promotion) -> Promotion:
        pipeline = self._pipelines[promotion.pipeline]
        self._check_customer(pipeline)
        raw = self._say.document.data["promote_to"].get("set", {})
        return replace(promotion, presets=dict(self._presets(raw, pipeline)))

    def _check_customer(self, pipeline: Pipeline) -> None:
        place, object_ = ("promote_to", "pipeline"), self._objects[pipeline.object]
        if pipeline.customer is None:
            message = f"the pipeline '{pipeline.name}' does not say which reference is its customer"
            hint = f"add `customer: FIELD` to it, a reference to '{self._tag.object}'"
            self._say.error_at_value(WRONG_PROMOTION, message, *place, hint=hint)
        elif pipeline.customer in object_.fields and object_.fields[pipeline.customer].to != self._tag.object:
            to = object_.fields[pipeline.customer].to
            message = (
                f"the customer of '{pipeline.name}' is a '{to}', and the tag is one of '{self._tag.object}'"
            )
            self._say.error_at_value(WRONG_PROMOTION, message, *place)

    def _presets(self, raw: Mapping[str, Any], pipeline: Pipeline) -> Iterator[tuple[str, Value]]:
        object_ = self._objects[pipeline.object]
        for name, value in raw.items():
            path = ("promote_to", "set", name)
            field = object_.fields.get(name)
            if field is None:
                self._say.unknown("SM302", "field", name, object_.fields, *path)
            elif field.kept or field.system or field.computed or name == pipeline.customer:
                self._say.error(WRONG_PROMOTION, f"the engine gives '{name}' its value", *path)
            elif pipeline.fields is not None and name not in pipeline.fields:
                message = f"the pipeline '{pipeline.name}' does not have the field '{name}'"
                self._say.error(WRONG_PROMOTION, message, *path)
            else:
                report = self._say.below(*path)
                found = parse_value(value, field, object=object_, objects=self._objects, report=report)
                if found is not None:
                    yield name, found
