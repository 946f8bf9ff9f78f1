"""A tag becomes the record that it pointed at: a deal in a pipeline, in one transaction (RULING 35)."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from sqlalchemy import select

from salesmode.access.compose import policy_of
from salesmode.access.scope import PolicyScope
from salesmode.conditions.compile import compile_condition
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.diagnostics import Message, Problem, Refusal
from salesmode.fieldtypes import field_type
from salesmode.model.condition import Argument, Compare
from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.model.object import Object
from salesmode.model.pipeline import PIPELINE, Pipeline
from salesmode.model.role import SYSTEM
from salesmode.model.tag import PROMOTED, TAG, Promotion, Tag, promoted_to, tag_entry
from salesmode.queries.search import title_of
from salesmode.records.attaching import Given, remember
from salesmode.records.binding import one
from salesmode.records.checks import IDS
from salesmode.records.create import create
from salesmode.records.filling import resolved
from salesmode.records.locking import Locked
from salesmode.records.problems import INPUT
from salesmode.records.removal import lock_taggable
from salesmode.records.subject import Subject, WriteScope, subject_of
from salesmode.records.tagging import known, standing, text_of
from salesmode.records.update import update


def promote(
    scope: WriteScope, object_name: str, given: Given, values: Mapping[str, object], environment: Environment
) -> UnitOf[tuple[str, ...]]:
    """Create the record that the tag `tag` of the record `id` becomes, from the `values` of the caller and
    what the tag says; gives its id. The tag stays, linked to it. NOT_FOUND where the tag is not there.

    It needs the right to the tag and the right to create.
    """
    subject = subject_of(scope, object_name)
    tags = subject_of(subject.system, TAG)
    kind = known(subject, str(given["tag"]))
    promotion = _promotion(kind)
    pipeline = subject.tables.model.pipelines[promotion.pipeline]
    _check(pipeline, values)
    row = yield from lock_taggable(subject, str(given["id"]), kind.name, environment)
    old = yield from standing(tags, subject, row, kind, environment)
    if old is None:
        raise Refusal("NOT_FOUND")
    presets = yield from _presets(subject, row, kind, promotion, environment)
    ids = yield from create(scope, pipeline.object, [values], environment, paths=[INPUT], presets=presets)
    end = {"state": PROMOTED, promoted_to(pipeline.object): ids[0], "expires_at": None}
    yield from update(subject.system, TAG, [old.id], end, environment)
    texts = text_of(tags, kind, old.values), text_of(tags, kind, {**old.values, **end})
    yield from remember(subject, row, tag_entry(kind.name), *texts, environment=environment)
    return ids


def _promotion(kind: Tag) -> Promotion:
    if kind.promote_to is None:
        message = Message("tag_stays", {"tag": kind.label})
        raise Refusal("VALIDATION_FAILED", problems=[Problem((TAG,), "promotion", message)])
    return kind.promote_to


def _check(pipeline: Pipeline, values: Mapping[str, object]) -> None:
    """Which pipeline it is, the tag has said. Whose the record is may be said anew: what one customer brings
    is the deal of another (D74).
    """
    if values.get(PIPELINE, pipeline.name) != pipeline.name:
        problem = Problem((*INPUT, camel(PIPELINE)), "readonly", Message("readonly"))
        raise Refusal("VALIDATION_FAILED", problems=[problem])


def _presets(
    subject: Subject, row: Locked, kind: Tag, promotion: Promotion, environment: Environment
) -> UnitOf[Mapping[str, object]]:
    """What the new record holds unless the caller says otherwise."""
    model = subject.tables.model
    pipeline = model.pipelines[promotion.pipeline]
    target = model.objects[pipeline.object]
    rows = yield one(_titling(subject), {IDS: row.id}, environment)
    named = " · ".join(filter(None, (kind.label.text(environment.locale), str(rows[0][0]))))
    presets: dict[str, object] = {each.name: named[: each.max_length] for each in _titles(target)}
    for name, value in promotion.presets.items():
        presets[name] = resolved(value, target.fields[name], presets, environment)
    return {**presets, str(pipeline.customer): row.id, PIPELINE: pipeline.name}


def _titles(target: Object) -> Iterator[Field]:
    """The field that names a record by itself, where people write it."""
    for field in target.fields.values():
        text = field_type(field.type).scalar == "String" and field.type != "auto_number"
        if target.title == f"{{{field.name}}}" and text and not field.readonly:
            yield field


@lru_cache(maxsize=512)
def _titling(subject: Subject) -> Statement:
    """The title of the record, as far as the caller may read it."""
    policy = subject.policy or policy_of(subject.tables.model, [SYSTEM])
    scope = PolicyScope(subject.tables, policy)
    source = scope.source(subject.object.name)
    this = compile_condition(Compare("id", "eq", Argument((IDS,))), source, subject.system)
    return render(select(title_of(source, scope)).where(this), subject.dialect)
