"""The engine's object `tag`: all tags of all records are its rows, in the table `sm_tag`."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from salesmode.compiler.analyzer.attached import ENGINE, attached_to, record_link
from salesmode.compiler.analyzer.fields import FieldMaker
from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.model.condition import ALWAYS, Compare, Literal, Moment, either
from salesmode.model.field import Field, Option
from salesmode.model.label import Label
from salesmode.model.object import Inverse, Object
from salesmode.model.pipeline import Pipeline
from salesmode.model.tag import PROMOTED, TAG, TAG_TABLE, TAGS, Tag, promoted_to

_CURRENT = either(Compare("expires_at", "isNull", Literal(True)), Compare("expires_at", "gt", Moment("now")))
_LABELS: Mapping[str, Mapping[str, str]] = {
    TAG: {"en": "Tag", "zh": "标签"},
    TAGS: {"en": "Tags", "zh": "标签"},
    "name": {"en": "Name", "zh": "名称"},
    "state": {"en": "State", "zh": "状态"},
    PROMOTED: {"en": "Promoted", "zh": "已转商机"},
    "since": {"en": "Since", "zh": "起始时间"},
    "by": {"en": "By", "zh": "操作人"},
    "source": {"en": "Source", "zh": "来源"},
    "owner": {"en": "Owner", "zh": "负责人"},
    "values": {"en": "Values", "zh": "内容"},
    "expires_at": {"en": "Expires at", "zh": "到期时间"},
}

Tags = Mapping[str, Tag]


def tag_object(
    objects: Mapping[str, Object],
    tags: Tags,
    pipelines: Mapping[str, Pipeline],
    reporters: Mapping[str, Reporter],
    maker: FieldMaker,
) -> Object:
    """The object `tag`, with a reference to each object that carries tags, and to each that tags become.

    A row ends with its record. It counts until it expires.
    """
    own = {each.name: each for each in _own_fields(tags, reporters, maker)}
    own |= {each.name: each for each in _promotions(objects, tags, pipelines, maker)}
    links: dict[str, Field] = {}
    for tag in tags.values():
        if tag.object in own:
            message = f"'{tag.object}' is a field of every tag, so '{tag.object}' cannot carry tags"
            reporters[tag.name].error_at_value("SM306", message, "object")
        elif tag.object not in links:
            links[tag.object] = record_link(tag.object, objects[tag.object].label, maker)
    return Object(
        TAG,
        TAGS,
        _label(TAG, maker),
        _label(TAGS, maker),
        ENGINE,
        "{name}",
        {**maker.system(ENGINE), **links, **own},
        {},
        indexes=tuple((name, "name") for name in links),
        stored_as=TAG_TABLE,
        current=_CURRENT,
    )


def with_tags(objects: Mapping[str, Object], tag: Object, tags: Tags) -> dict[str, Object]:
    """The objects, and `tag` where some of them carry tags; each of those has the inverse `tags`."""

    def names(object_: Object) -> tuple[str, ...]:
        return tuple(each.name for each in tags.values() if each.object == object_.name)

    def inverse(object_: Object) -> Inverse:
        return Inverse(TAGS, tag.plural_label, TAG, object_.name, names(object_))

    return attached_to(objects, tag, lambda each: bool(names(each)), inverse)


def _own_fields(tags: Tags, reporters: Mapping[str, Reporter], maker: FieldMaker) -> Iterator[Field]:
    name = replace(_field("name", "choice", maker), required=ALWAYS, options=_names(tags))
    yield replace(name, renamed_options=_renamed(tags, reporters))
    yield replace(_field("state", "choice", maker), options=_states(tags, maker))
    yield replace(_field("since", "datetime", maker), required=ALWAYS, index=True)
    yield _user("by", maker)
    yield replace(_field("source", "text", maker), max_length=200)
    yield _user("owner", maker)
    yield _field("values", "json", maker)
    yield _field("expires_at", "datetime", maker)


def _promotions(
    objects: Mapping[str, Object], tags: Tags, pipelines: Mapping[str, Pipeline], maker: FieldMaker
) -> Iterator[Field]:
    targets = (pipelines[each.promote_to.pipeline].object for each in tags.values() if each.promote_to)
    for target in dict.fromkeys(targets):
        name = promoted_to(target)
        link = maker.link(target, objects[target].label, ENGINE)
        yield replace(link, name=name, column=f"{name}_id", readonly=True)


def _names(tags: Tags) -> tuple[Option, ...]:
    return tuple(Option(each.name, each.label, _first(each.label)) for each in tags.values())


def _renamed(tags: Tags, reporters: Mapping[str, Reporter]) -> Mapping[str, str]:
    """A name that is still there was not given up."""
    olds = ((reporters[name].document.data.get("renamed_from"), name) for name in tags)
    return {old: name for old, name in olds if old is not None and old not in tags}


def _states(tags: Tags, maker: FieldMaker) -> tuple[Option, ...]:
    """Those of all tags, each name once, and the one of a tag that became a record."""
    labels = {state.name: state.label for each in reversed([*tags.values()]) for state in each.states}
    names = dict.fromkeys(state.name for each in tags.values() for state in each.states)
    labels[PROMOTED] = _label(PROMOTED, maker)
    return tuple(Option(name, labels[name], _first(labels[name])) for name in (*names, PROMOTED))


def _first(label: Label) -> str:
    return next(iter(label.texts.values()))


def _field(name: str, kind: str, maker: FieldMaker) -> Field:
    return Field(name, kind, name, _label(name, maker), ENGINE, readonly=True)


def _user(name: str, maker: FieldMaker) -> Field:
    link = maker.link("user", _label(name, maker), ENGINE)
    return replace(link, name=name, column=f"{name}_id", readonly=True)


def _label(name: str, maker: FieldMaker) -> Label:
    return label_of(_LABELS[name], maker.app.locales, name)
