"""The order of analysis, in one place."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import orjson

from salesmode.compiler.analyzer.access_log import access_log_object
from salesmode.compiler.analyzer.app import app_of
from salesmode.compiler.analyzer.computed import computed, with_rollup_types
from salesmode.compiler.analyzer.extensions import extensions_of
from salesmode.compiler.analyzer.fields import FieldMaker
from salesmode.compiler.analyzer.granting import grant_object, with_grants
from salesmode.compiler.analyzer.guards import guarded
from salesmode.compiler.analyzer.jobs import Around, jobs_of
from salesmode.compiler.analyzer.list_views import list_views_of
from salesmode.compiler.analyzer.names import check_names
from salesmode.compiler.analyzer.pipelines import outlines_of, pipelines_of
from salesmode.compiler.analyzer.queues import queues_of
from salesmode.compiler.analyzer.reading import Names
from salesmode.compiler.analyzer.renames import check_renamed_tags, check_renames
from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.analyzer.reports import reports_of
from salesmode.compiler.analyzer.roles import roles_of
from salesmode.compiler.analyzer.rules import Rules
from salesmode.compiler.analyzer.settings import plugin_settings
from salesmode.compiler.analyzer.shapes import shapes_of
from salesmode.compiler.analyzer.snapshots import snapshot_objects, with_scale, with_snapshots
from salesmode.compiler.analyzer.staging import Staging
from salesmode.compiler.analyzer.tagging import tag_object, with_tags
from salesmode.compiler.analyzer.tags import tag_outlines, tags_of
from salesmode.compiler.analyzer.targets import targets_of, with_quotas
from salesmode.compiler.analyzer.user_data import user_data_of
from salesmode.compiler.analyzer.webhooks import webhooks_of
from salesmode.compiler.located import Document
from salesmode.diagnostics.collector import Collector
from salesmode.model.access_log import ACCESS_LOG
from salesmode.model.app import Model
from salesmode.plugins import Plugins

_LANGUAGE = "6"  # changes with the meaning of the metadata, so that an engine never takes another's plans

_KINDS = (
    "app",
    "object",
    "role",
    "option_set",
    "user_data",
    "pipeline",
    "tag",
    "list_view",
    "queue",
    "target",
    "report",
    "job",
    "webhook",
)


def analyze(documents: Iterable[Document], plugins: Plugins, collector: Collector) -> Model:
    """The Model that the documents describe; when the collector has errors afterwards, it is of no use."""
    merged = list(documents)
    app_documents, objects, roles, sets, records, ways, marks, *saved = (
        _of_kind(kind, merged, collector) for kind in _KINDS
    )
    app_document = list(app_documents.values())[-1]
    app = app_of(app_document)
    lists, queues, goals, surveys, chores, hooks = saved
    maker = FieldMaker(app, sets)
    plain = shapes_of(objects, maker)
    outlines = outlines_of(ways, plain, app)
    staging = Staging(outlines, ways, maker)
    declared = staging.staged(plain, objects)
    tags = tag_outlines(marks, plain, outlines, maker)
    grant, log, change, tag = (
        grant_object(declared, objects, maker),
        access_log_object(maker),
        staging.stage_change(declared),
        tag_object(declared, tags, outlines, marks, maker),
    )
    snapshots = snapshot_objects(declared, change, objects, maker)
    declared = with_rollup_types(declared, with_tags(with_grants(declared, grant), tag, tags), objects)
    check_names(
        declared, objects, (grant, log, change, tag, *snapshots), published=with_tags(declared, tag, tags)
    )
    check_renames(declared, objects)
    check_renamed_tags(tags, marks)
    attached = with_tags(with_grants(declared, grant), tag, tags)
    attached = with_snapshots(staging.with_history(attached, change), snapshots)
    shapes = {**attached, ACCESS_LOG: log}
    ruled = {name: Rules(app, shapes, shapes[name], say).filled() for name, say in objects.items()}
    filled = computed({**shapes, **ruled}, objects)
    pipelines = pipelines_of(outlines, ways, objects=filled, roles=roles, app=app)
    if not collector.failed:  # plugins see pipelines that are right
        pipelines = guarded(pipelines, ways, objects=filled, app=app, plugins=plugins)
    placed = with_quotas(with_scale(staging.placed(filled, pipelines), pipelines), goals)
    names = Names(app, placed, roles, _by_kind(merged), maker)
    tags = tags_of(tags, marks, placed, pipelines, app)
    targets = targets_of(goals, placed, roles, app)
    return Model(
        app=app,
        objects=placed,
        roles=roles_of(roles, placed, app),
        user_data=user_data_of(records, placed, roles),
        version=_version(merged, plugins),
        pipelines=pipelines,
        tags=tags,
        list_views=list_views_of(lists, placed, roles, app),
        queues=queues_of(queues, placed, roles, app),
        targets=targets,
        reports=reports_of(surveys, placed, roles, app, targets=targets),
        jobs=jobs_of(chores, Around(placed, pipelines, tags, app)),
        webhooks=webhooks_of(hooks, placed, app),
        extensions=extensions_of(merged, plugins, names, collector),
        settings=plugin_settings(merged, plugins, app_document),
    )


def _of_kind(kind: str, documents: list[Document], collector: Collector) -> Mapping[str, Reporter]:
    return {each.name: Reporter(each, collector) for each in documents if each.kind == kind}


def _by_kind(documents: list[Document]) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """The data of all documents, by kind and name."""
    kinds = dict.fromkeys(each.kind for each in documents)
    return {kind: {each.name: each.data for each in documents if each.kind == kind} for kind in kinds}


def _version(documents: list[Document], plugins: Plugins) -> str:
    """A digest of what was said, and of the plugins that made something of it."""
    texts = sorted(orjson.dumps(each.data, default=str, option=orjson.OPT_SORT_KEYS) for each in documents)
    stamps = [each.encode() for each in (_LANGUAGE, *plugins.stamp)]
    return sha256(b"\n".join([*stamps, *texts])).hexdigest()[:24]
