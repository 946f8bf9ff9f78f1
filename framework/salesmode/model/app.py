"""The app and the whole Model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from salesmode.diagnostics import Span
from salesmode.model.field import Field
from salesmode.model.job import Job
from salesmode.model.label import Label
from salesmode.model.list_view import ListView
from salesmode.model.object import Object
from salesmode.model.opportunity import Line, lines_of, marks_of
from salesmode.model.pipeline import Pipeline, Products
from salesmode.model.published import Published, published
from salesmode.model.queue import Queue
from salesmode.model.report import Report
from salesmode.model.role import Role
from salesmode.model.tag import Tag
from salesmode.model.target import Target
from salesmode.model.webhook import Webhook


@dataclass(frozen=True, slots=True)
class App:
    """`kind: app`, with `extends` already followed. `plugin_timeout`: seconds."""

    name: str
    label: Label
    version: str
    locales: tuple[str, ...]
    currency: str
    timezone: str
    country: str
    plugins: tuple[str, ...] = ()
    week_start: str = "monday"
    fiscal_year_start: str = "01-01"
    plugin_timeout: float = 5.0


@dataclass(frozen=True, slots=True)
class UserData:
    """Records to load: an upsert by the fields `by` (RULING 6); values canonical, references by the target's
    key.
    """

    name: str
    object: str
    by: tuple[str, ...]
    records: tuple[Mapping[str, Any], ...]
    span: Span


@dataclass(frozen=True)
class Model:
    """Everything the metadata says. `version` is a digest of it: equal models have equal versions.

    `extensions`: by kind and name what plugins made of the documents of their kinds. `settings`: of each
    plugin, as they are written: a value from the environment is still `{"env": NAME}`.
    """

    app: App
    objects: Mapping[str, Object]
    roles: Mapping[str, Role]
    user_data: tuple[UserData, ...]
    version: str
    pipelines: Mapping[str, Pipeline] = field(default_factory=dict)
    tags: Mapping[str, Tag] = field(default_factory=dict)
    list_views: Mapping[str, ListView] = field(default_factory=dict)
    queues: Mapping[str, Queue] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    reports: Mapping[str, Report] = field(default_factory=dict)
    extensions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    jobs: Mapping[str, Job] = field(default_factory=dict)
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)

    def object(self, name: str) -> Object:
        """The object of that name; it exists, or the caller is at fault."""
        return self.objects[name]

    def pipelines_of(self, object_name: str) -> tuple[Pipeline, ...]:
        """The pipelines of an object, in order."""
        return tuple(each for each in self.pipelines.values() if each.object == object_name)

    def tags_of(self, object_name: str) -> tuple[Tag, ...]:
        """The tags that records of an object may carry, in order."""
        return tuple(each for each in self.tags.values() if each.object == object_name)

    @cached_property
    def lines(self) -> Mapping[str, tuple[Line, ...]]:
        """The opportunities that records have, by the object of the customer."""
        return lines_of(self.objects, self.pipelines.values(), self.tags.values())

    @cached_property
    def marks(self) -> Mapping[str, tuple[Tag, ...]]:
        """The tags that count as opportunities, by the object beside whose records they do."""
        return marks_of(self.objects, self.pipelines, self.tags.values())

    @cached_property
    def products(self) -> Mapping[str, Products]:
        """What records of objects with pipelines are made of, by object."""
        return {each.object: each.products for each in self.pipelines.values() if each.products}

    def target(self, field: Field) -> Object:
        """The object that a reference points to."""
        assert field.to is not None
        return self.objects[field.to]

    @cached_property
    def published(self) -> Published:
        """Every name that clients may meet, whatever their roles."""
        return published(self.objects.values())

    @cached_property
    def plurals(self) -> Mapping[str, Object]:
        """Objects by plural."""
        return {each.plural: each for each in self.objects.values()}
