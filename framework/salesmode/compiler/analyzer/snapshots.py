"""The engine's objects `snapshot` and `snapshot_item`: what records with pipelines held at a moment (D33).

Who took one and when are `created_by` and `created_at`, as in every record. An item outlives its record: that
a record is gone is told by what is left of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from salesmode.compiler.analyzer.attached import ENGINE
from salesmode.compiler.analyzer.fields import FieldMaker
from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.model.condition import ALWAYS
from salesmode.model.field import Field, Option
from salesmode.model.label import Label
from salesmode.model.object import Object
from salesmode.model.pipeline import FORECASTS, PIPELINE, STAGE, STATUS, Pipeline
from salesmode.model.snapshot import ITEM, ITEM_TABLE, ITEMS, SNAPSHOT, SNAPSHOT_TABLE, SNAPSHOTS

_LABELS: Mapping[str, Mapping[str, str]] = {
    SNAPSHOT: {"en": "Snapshot", "zh": "盘点"},
    SNAPSHOTS: {"en": "Snapshots", "zh": "盘点"},
    ITEM: {"en": "Snapshot item", "zh": "盘点明细"},
    ITEMS: {"en": "Snapshot items", "zh": "盘点明细"},
    "name": {"en": "Name", "zh": "名称"},
    "object": {"en": "Object", "zh": "对象"},
    "category": {"en": "Category", "zh": "预测类别"},
    "amount": {"en": "Amount", "zh": "金额"},
    "close_date": {"en": "Close date", "zh": "预计成交日期"},
    "owner": {"en": "Owner", "zh": "负责人"},
    "pipeline": {"en": "Pipeline", "zh": "在途"},
    "best_case": {"en": "Best case", "zh": "乐观"},
    "commit": {"en": "Commit", "zh": "承诺"},
    "closed": {"en": "Closed", "zh": "已成交"},
    "omitted": {"en": "Omitted", "zh": "不计入"},
}
_KEEP = "keep"


def snapshot_objects(
    objects: Mapping[str, Object], change: Object, reporters: Mapping[str, Reporter], maker: FieldMaker
) -> tuple[Object, Object]:
    """`snapshot` and `snapshot_item`; `change`: the stays in stages, which know what has pipelines."""
    links = {name: each for name, each in change.fields.items() if name in objects and each.to == name}
    own = {each.name: each for each in _item_fields(change, maker)}
    for name in links.keys() & own.keys():
        message = f"'{name}' is a field of every snapshot item, so it cannot have a pipeline"
        reporters[name].error_at_value("SM306", message, "name")
    kept = {name: replace(each, on_delete=_KEEP) for name, each in links.items()}
    fields = {**maker.system(ENGINE), **kept, **own}
    item = _object(ITEM, ITEMS, "{status}", ITEM_TABLE, fields, maker)
    item = replace(item, indexes=tuple((SNAPSHOT, name) for name in links))
    head = {each.name: each for each in _head_fields([objects[name] for name in links], maker)}
    fields = {**maker.system(ENGINE), **head}
    return _object(SNAPSHOT, SNAPSHOTS, "{name}", SNAPSHOT_TABLE, fields, maker), item


def with_snapshots(objects: Mapping[str, Object], snapshots: tuple[Object, Object]) -> dict[str, Object]:
    """The objects, and those of snapshots where some of them have pipelines."""
    head, item = snapshots
    return {**objects, SNAPSHOT: head, ITEM: item} if head.fields["object"].options else dict(objects)


def with_scale(objects: Mapping[str, Object], pipelines: Mapping[str, Pipeline]) -> dict[str, Object]:
    """The objects; amounts of items have the places of the finest that a pipeline names."""
    if ITEM not in objects:
        return dict(objects)
    named = (objects[each.object].fields.get(each.amount or "") for each in pipelines.values())
    item = objects[ITEM]
    amount = replace(item.fields["amount"], scale=max((each.scale for each in named if each), default=0))
    return {**objects, ITEM: replace(item, fields={**item.fields, "amount": amount})}


def _head_fields(piped: Sequence[Object], maker: FieldMaker) -> Iterator[Field]:
    name = replace(_field("name", "text", maker), required=ALWAYS, max_length=200)
    yield replace(name, history=True)
    options = tuple(Option(each.name, each.label, _first(each.label)) for each in piped)
    old = {each.renamed_from: each.name for each in piped if each.renamed_from is not None}
    object_ = replace(_field("object", "choice", maker), required=ALWAYS, options=options)
    yield replace(object_, renamed_options=old, index=True, history=True)


def _item_fields(change: Object, maker: FieldMaker) -> Iterator[Field]:
    to_snapshot = maker.link(SNAPSHOT, _label(SNAPSHOT, maker), ENGINE)
    yield replace(to_snapshot, required=ALWAYS, index=False, readonly=True, history=False, on_delete=_KEEP)
    for name in (PIPELINE, STAGE, STATUS):
        yield replace(change.fields[name], history=False)
    options = tuple(Option(name, _label(name, maker), name) for name in FORECASTS)
    yield replace(_field("category", "choice", maker), options=options)
    yield _field("amount", "money", maker)
    yield _field("close_date", "date", maker)
    owner = maker.link("user", _label("owner", maker), ENGINE)
    owner = replace(owner, name="owner", column="owner_id", index=False, readonly=True, history=False)
    yield replace(owner, on_delete=_KEEP)


def _object(
    name: str, plural: str, title: str, table: str, fields: Mapping[str, Field], maker: FieldMaker
) -> Object:
    labels = _label(name, maker), _label(plural, maker)
    return Object(name, plural, *labels, ENGINE, title, fields, {}, stored_as=table)


def _first(label: Label) -> str:
    return next(iter(label.texts.values()))


def _field(name: str, kind: str, maker: FieldMaker) -> Field:
    return Field(name, kind, name, _label(name, maker), ENGINE, readonly=True, history=False)


def _label(name: str, maker: FieldMaker) -> Label:
    return label_of(_LABELS[name], maker.app.locales, name)
