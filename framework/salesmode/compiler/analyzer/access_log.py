"""The engine's object `access_log`: a row for each export and each unmasking (D26a).

Who and when are `created_by` and `created_at`, as in every record. Nothing of it is in the history: a row is
written once, with what it tells about, and by the engine alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from salesmode.compiler.analyzer.fields import FieldMaker
from salesmode.compiler.analyzer.labels import label_of
from salesmode.diagnostics import Span
from salesmode.model.access_log import ACCESS_LOG, OPERATIONS, PLURAL, TABLE
from salesmode.model.condition import ALWAYS
from salesmode.model.field import Field, Option
from salesmode.model.label import Label
from salesmode.model.object import Object

_ENGINE = Span("engine", 0, 0)
_LABELS: Mapping[str, Mapping[str, str]] = {
    ACCESS_LOG: {"en": "Access log entry", "zh": "访问记录"},
    PLURAL: {"en": "Access log", "zh": "访问日志"},
    "operation": {"en": "Operation", "zh": "操作"},
    "object": {"en": "Object", "zh": "对象"},
    "record_id": {"en": "Record", "zh": "记录"},
    "fields": {"en": "Fields", "zh": "字段"},
    "condition": {"en": "Condition", "zh": "条件"},
    "records": {"en": "Number of records", "zh": "记录数"},
    "export": {"en": "Export", "zh": "导出"},
    "unmask": {"en": "Unmask", "zh": "查看明文"},
}


def access_log_object(maker: FieldMaker) -> Object:
    """`record_id`: of an unmasking; `condition`: the JSON text that selected an export; `fields`: its
    columns, or what was unmasked; `records`: how many it was about.
    """
    fields = {**maker.system(_ENGINE), **{each.name: each for each in _own_fields(maker)}}
    label, plural_label = _label(ACCESS_LOG, maker), _label(PLURAL, maker)
    indexes = (("created_by", "created_at"), ("object", "record_id"))
    title = "{operation} {object}"
    return Object(
        ACCESS_LOG, PLURAL, label, plural_label, _ENGINE, title, fields, {}, stored_as=TABLE, indexes=indexes
    )


def _own_fields(maker: FieldMaker) -> Iterator[Field]:
    options = tuple(Option(name, _label(name, maker), name) for name in OPERATIONS)
    yield replace(_field("operation", "choice", maker), required=ALWAYS, options=options)
    yield replace(_field("object", "text", maker), required=ALWAYS)
    yield _field("record_id", "id", maker)
    yield replace(_field("fields", "multi_choice", maker), open_options=True)
    yield _field("condition", "long_text", maker)
    yield replace(_field("records", "integer", maker), required=ALWAYS)


def _field(name: str, kind: str, maker: FieldMaker) -> Field:
    return Field(name, kind, name, _label(name, maker), _ENGINE, history=False)


def _label(name: str, maker: FieldMaker) -> Label:
    return label_of(_LABELS[name], maker.app.locales, name)
