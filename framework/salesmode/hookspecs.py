"""Every hook of Salesmode: the whole plugin API.

A plugin is a module (or an object) with functions marked `@hookimpl`, named in an entry point of the group
`salesmode`, and switched on by `plugins: [NAME]` of an app. It imports `salesmode.hookspecs`,
`salesmode.model` and, in its tests, `salesmode.testing`; nothing else of the engine is meant for it.

Order: plugins are asked in the order of `plugins:`; `@hookimpl(tryfirst=True)` and `trylast=True` change
that. Hooks inside a unit of work get a `Desk` and may be generators (`yield from desk.read(…)`); they do no
I/O of their own. Every call has a time limit (the app's setting `plugin_timeout`, 5 seconds): whoever takes
longer is named, and what asked for it is refused as INTERNAL with nothing written; so it is with one that
raises anything but a Refusal, or answers what its hook does not allow. What is called when an app is compiled
has 20 seconds; what is wrong with it is an error of the app, at its `plugins`. A misspelled hook or argument
refuses to start.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pluggy

from salesmode.diagnostics import Message, Problem, Refusal
from salesmode.fieldtypes import FieldType, Invalid
from salesmode.fieldtypes.decimal import DecimalType
from salesmode.fieldtypes.integer import IntegerType
from salesmode.fieldtypes.text import TextType
from salesmode.hooks.api import ApiField, GraphFields, InputType, OutputType, RecordField, Target
from salesmode.hooks.decisions import Candidate, Claim, CommissionLine, Decision, MatchKey, Ruling, Trigger
from salesmode.hooks.desk import Caller, Desk, Errand, Record, UnitOf, Where
from salesmode.hooks.events import Event
from salesmode.hooks.jobs import TimedWork
from salesmode.hooks.kinds import MetadataKind, Path, Reader
from salesmode.hooks.masks import MaskType
from salesmode.hooks.shell import Argument, Command, Panel
from salesmode.hooks.writes import Batch, Change, Fault
from salesmode.model.app import Model
from salesmode.model.pipeline import Pipeline

PROJECT = "salesmode"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

__all__ = [
    "ApiField",
    "Argument",
    "Batch",
    "Caller",
    "Candidate",
    "Change",
    "Claim",
    "Command",
    "CommissionLine",
    "DecimalType",
    "Decision",
    "Desk",
    "Errand",
    "Event",
    "Fault",
    "FieldType",
    "GraphFields",
    "InputType",
    "IntegerType",
    "Invalid",
    "MaskType",
    "MatchKey",
    "Message",
    "MetadataKind",
    "OutputType",
    "Panel",
    "Path",
    "Problem",
    "Reader",
    "Record",
    "RecordField",
    "Refusal",
    "Ruling",
    "Target",
    "TextType",
    "TimedWork",
    "Trigger",
    "UnitOf",
    "Where",
    "hookimpl",
    "hookspec",
]


@hookspec
def metadata_kinds() -> Sequence[MetadataKind]:  # type: ignore[empty-body]
    """The kinds of documents that the plugin brings.

    When: once, before an app that names the plugin is read.
    Give: kinds; names that exist already refuse to start. Answers of all plugins add up.
    Afterwards: documents are validated, layered, completed in editors and explained like the engine's own;
    what `build` made of them stands in `Model.extensions[KIND][NAME]`. An exception: the app does not
    compile, and the plugin is named.
    """


@hookspec
def metadata_layer() -> str:  # type: ignore[empty-body]
    """A folder of metadata that the plugin brings: objects (its own tables), fields of core objects, roles,
    lists.

    When: once, before an app that names the plugin is read.
    Give: the path of a folder; its documents lie above `core` and below what the app extends.
    """


@hookspec
def field_types() -> Sequence[FieldType]:  # type: ignore[empty-body]
    """Types of fields: storage, input, order, JSON and mask on both engines.

    When: once, before an app that names the plugin is read.
    Give: instances, each derived from the engine's type that is nearest to it (`TextType`, `DecimalType`,
    `IntegerType` …): it has that one's scalar, operators and keys, and its own `name`, `parse`, `check` and
    `samples`. A name that exists already refuses to start.
    """


@hookspec
def masks() -> Sequence[MaskType]:  # type: ignore[empty-body]
    """Masks: what is shown of a value that may not be read (`mask: NAME`).

    When: once, before an app that names the plugin is read.
    Give: instances; a name that exists already refuses to start. A mask is an SQL expression, on both
    engines.
    """


@hookspec
def before_write(batch: Batch) -> UnitOf[None] | None:
    """Give rows further values, or refuse them, before they are written.

    When: in every write on every path (single, bulk, nested, import, upsert, move, delete, restore, transfer,
    tag, user data, plugin), after the caller's rights to the old rows are known and before the rows are
    written; once per object and operation, in an import for each thousand rows. A row that has all the values
    already is not written, and not shown. Automatic numbers come later. Two requests that met may start one
    of them anew, and then it is asked again.
    batch: the rows, locked; `change.set(name, value)` writes as the system, and is the one way to write these
    rows here; what goes or comes back takes no values.
    Give: nothing. Raise a Refusal to refuse the whole request. What is set is held to the same rules and
    gates; what a role presets gives way, and a role's `check` is about the new row with it.
    """


@hookspec
def validate_record(batch: Batch) -> UnitOf[Sequence[Fault]] | Sequence[Fault] | None:
    """Say what is wrong with rows as they now are; told together with the failed validations of the metadata.

    When: after the rows are written, before the history, in the same transaction; not on delete.
    Give: faults; any of them refuses the request as VALIDATION_FAILED with all problems at once. A field that
    the caller may not read is not named; the text is the plugin's own and told to everybody.
    """


@hookspec
def stage_guard(pipeline: Pipeline) -> Mapping[str, Sequence[Mapping[str, Any]]]:  # type: ignore[empty-body]
    """Conditions to enter or leave stages, beyond those of the pipeline's own YAML.

    When: once per pipeline, when an app is compiled.
    Give: by stage, gates as in YAML: `{"won": [{"on": "entry", "name": "paid", "must": {…}, "message":
    {…}}]}`. They are asked by the database like every gate: on moves of every path, in `nextStages` and in
    `explain stage`, where their code is `plugin`. What code must decide is written into a field of its own
    by `before_write`.
    """


@hookspec
def after_write(batch: Batch) -> UnitOf[None] | None:
    """Do what follows from a write, in the same transaction: further writes through `batch.desk`.

    When: after the rows, their validations and their history, before the commit; of each object and operation
    once. What the engine keeps by itself (stays, tags of rules, references cut off) is not shown.
    Give: nothing. Raise a Refusal to refuse the whole request. Its own writes call the hooks again: a depth
    of 8 is refused as a circle.
    """


@hookspec
def after_commit(events: Sequence[Event], desk: Desk) -> Any:
    """Do what follows from committed writes, later and in a transaction of its own.

    When: by a worker, soon after the commit; at least once, in order per record. May be a generator (a unit
    of work), a plain function, or a coroutine function (for I/O: mail, HTTP), which is cancelled at its
    limit.
    events: some of one plugin's outbox, oldest first, of every object; its own writes are among them.
    Afterwards: what is written through the desk is committed with the delivery, so it is written once; what a
    coroutine does may be done again.
    An exception: the events are delivered again with growing pauses, then kept as dead letters that can be
    replayed.
    """


@hookspec
def route(desk: Desk, object: str, ids: Sequence[str]) -> UnitOf[Sequence[Decision]] | None:
    """Decide who gets records (D90); called through `Desk.ask`.

    When: somebody asks for an owner: a routing rule on create, a return to the pool, a hand-over.
    Give: a decision for each record that the plugin decides; of several for one record, the first counts.
    """


@hookspec
def commission_lines(desk: Desk, triggers: Sequence[Trigger]) -> UnitOf[Sequence[CommissionLine]] | None:
    """What is earned by what happened (D91); called through `Desk.ask`.

    Give: exact lines with plan, rule, base, rate and share; the answers of all plugins add up.
    """


@hookspec
def match_keys(
    desk: Desk, object: str, records: Sequence[Record]
) -> UnitOf[Sequence[MatchKey]] | Sequence[MatchKey] | None:
    """Further keys under which records are looked at as possible duplicates (D92); called through `Desk.ask`.

    records: with the fields that match rules name. Give: keys; the answers of all plugins add up.
    """


@hookspec
def adjudicate(
    desk: Desk, object: str, record: str, claims: Sequence[Claim]
) -> UnitOf[Ruling | None] | Ruling | None:
    """Decide whose a record is (D72, 判客); called through `Desk.ask`. The first ruling counts."""


@hookspec
def graph_fields(model: Model) -> GraphFields:  # type: ignore[empty-body]
    """Root fields, mutations and fields of records in the GraphQL API.

    When: once per compiled app. Give: them with their types; names that exist already refuse to start.
    Their answers are read back under the caller's rights; fields of records are resolved in batches, after
    the SQL.
    """


@hookspec
def jobs(model: Model) -> Sequence[TimedWork]:  # type: ignore[empty-body]
    """Timed work. When: once per compiled app. An exception while it runs is told, and it is tried again at
    the next time.
    """


@hookspec
def settings_schema() -> Mapping[str, Any]:  # type: ignore[empty-body]
    """The JSON Schema of the plugin's settings: `{kind: settings, name: PLUGIN, values: {…}}` in the app. A
    value
    `{env: NAME}` is taken from the environment when a plugin asks for it, and is never shown.
    """


@hookspec
def cli_commands() -> Sequence[Command]:  # type: ignore[empty-body]
    """Commands of the shell. When: `salesmode` is asked for a command it does not have itself."""


@hookspec
def console_panels(model: Model) -> Sequence[Panel]:  # type: ignore[empty-body]
    """Tables on the console. When: once per compiled app."""
