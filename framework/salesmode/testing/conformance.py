"""What every plugin has to keep, whatever it does: `check(plugin)` in one of its tests."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import sqlalchemy as sa

from salesmode.access.compose import policy_of
from salesmode.database.statement import Dialect
from salesmode.diagnostics import MetadataError, Refusal
from salesmode.graph.catalog import Catalog
from salesmode.graph.printed import printed
from salesmode.graph.view import View
from salesmode.hooks.decisions import CommissionLine, Decision, MatchKey
from salesmode.hooks.shell import Command, Panel
from salesmode.hooks.writes import Batch, Fault, WriteOperation
from salesmode.model.app import Model
from salesmode.plugins import Plugins, additions_of, plugins_of, provided
from salesmode.tables import tables_of
from salesmode.testing.described import undescribed
from salesmode.testing.kit import Crm, crm
from salesmode.testing.running import ADMINISTRATOR

_NAME = "checked"
_DIALECTS: tuple[Dialect, ...] = ("sqlite", "postgresql")
_OPERATIONS: tuple[WriteOperation, ...] = ("create", "update", "delete", "restore")
_DECISIONS: Mapping[str, tuple[type, Mapping[str, Any]]] = {
    "route": (Decision, {"object": "user", "ids": ()}),
    "commission_lines": (CommissionLine, {"triggers": ()}),
    "match_keys": (MatchKey, {"object": "user", "records": ()}),
}


def _nothing(answer: object) -> bool:
    return answer is None


def _no_faults(answer: Any) -> bool:
    return not answer or all(isinstance(each, Fault) for each in answer)


_WRITES = {"before_write": _nothing, "validate_record": _no_faults, "after_write": _nothing}
_OFFERS: Mapping[str, type[Command] | type[Panel]] = {"cli_commands": Command, "console_panels": Panel}


class Nonconforming(AssertionError):
    """`faults`: everything that the plugin does not keep, a sentence each."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(["the plugin does not conform:", *faults]))


def check(plugin: object, *, more: str = "", database: str | None = None) -> None:
    """Holds a plugin (itself, or the name of an installed one) against what every plugin has to keep, in an
    app that has nothing else; `more` is YAML that the app needs beside, its settings above all. Raises
    Nonconforming with everything at once.
    """
    name = plugin if isinstance(plugin, str) else _NAME
    with provided(**{} if isinstance(plugin, str) else {name: plugin}):
        faults = [*_alone(plugins_of((name,)))]
        if not faults:
            faults = _in_an_app(name, more, database)
    if faults:
        raise Nonconforming(faults)


def _alone(plugins: Plugins) -> Iterator[str]:
    """Before there is an app: that it can be loaded, and that it says what its keys mean."""
    for each in plugins.faults:
        yield ": ".join(filter(None, (each.message, each.why)))
    for kind in (each for kinds in plugins.brought.kinds.values() for each in kinds):
        yield from (f"kind '{kind.name}': {path} has no description" for path in undescribed(kind.schema))
    for type_ in (each for types in plugins.brought.types.values() for each in types):
        if not type_.samples:
            yield f"the type '{type_.name}' has no samples of what it takes"
    for schema in plugins.brought.settings.values():
        yield from (f"settings: {path} has no description" for path in undescribed(schema))


def _in_an_app(name: str, more: str, database: str | None) -> list[str]:
    app = f"kind: app\nname: conformance\nplugins: [{name}]\n{more and '---'}\n{more}"
    try:
        with crm(app, database=database) as running:
            return [*_offered(running), *_idle(running)]
    except MetadataError as error:
        return [str(error)]
    except Refusal as refusal:
        return [f"an app with no records but its administrator cannot begin: {refusal.message.text('en')}"]


def _offered(running: Crm) -> Iterator[str]:
    """What it adds to databases, to the API, to the shell and to the console."""
    for dialect in _DIALECTS:
        for table in tables_of(running.model, dialect).metadata.tables.values():
            str(sa.schema.CreateTable(table).compile(dialect=_dialect(dialect)))
    policy = policy_of(running.model, [ADMINISTRATOR])
    list(printed(Catalog(View(running.model, policy, additions_of(running.model)))))
    for hook, wanted in _OFFERS.items():
        yield from _listed(running.model, hook, wanted)
    for panel in _panels(running.model):
        yield from _panel(panel, running)


def _dialect(name: Dialect) -> sa.Dialect:
    found: sa.Dialect = sa.make_url(f"{name}://").get_dialect()()
    return found


def _listed(model: Model, hook: str, wanted: type[Command] | type[Panel]) -> Iterator[str]:
    seen: set[object] = set()
    for _, call in plugins_of(model.app.plugins).calls(hook):
        for each in call(model=model):
            if not isinstance(each, wanted):
                yield f"`{hook}` gives {each!r:.100}, which is no {wanted.__name__}"
            elif each.name in seen:
                yield f"`{hook}` gives {each.name!r} twice"
            else:
                seen.add(each.name)


def _panels(model: Model) -> Iterator[Panel]:
    for _, call in plugins_of(model.app.plugins).calls("console_panels"):
        yield from (each for each in call(model=model) if isinstance(each, Panel))


def _panel(panel: Panel, running: Crm) -> Iterator[str]:
    answer = running.admin.answer(panel.query)
    if "errors" in answer:
        yield f"the query of the panel '{panel.name}' is refused: {answer['errors'][0]['message']}"
        return
    rows: Any = answer["data"]
    for step in panel.rows.split("."):
        rows = rows.get(step) if isinstance(rows, Mapping) else None
    if not isinstance(rows, list):
        yield f"the answer to the panel '{panel.name}' has no list at {panel.rows}"


def _idle(running: Crm) -> Iterator[str]:
    """With nothing to do it does nothing: no rows in a batch, nothing to decide, nothing due."""
    for what, function, wanted in (*_batches(running), *_decisions(running), *_jobs(running)):
        try:
            answer = running.run(function)
        except Refusal as refusal:
            yield f"{what} with nothing to do: {refusal.message.text('en')} (the log says more)"
            continue
        if not wanted(answer):
            yield f"{what} with nothing to do gives {answer!r:.100}"


_Try = tuple[str, Any, Any]


def _batches(running: Crm) -> Iterator[_Try]:
    plugins = plugins_of(running.model.app.plugins)
    for hook, wanted in _WRITES.items():
        for (_, call), object_, operation in product(
            plugins.calls(hook), running.model.objects.values(), _OPERATIONS
        ):
            yield (
                f"`{hook}` ({operation} of '{object_.name}')",
                lambda desk, call=call, of=object_, how=operation: call(batch=Batch(of, how, (), desk)),
                wanted,
            )


def _decisions(running: Crm) -> Iterator[_Try]:
    for hook, (wanted, arguments) in _DECISIONS.items():
        for _, call in plugins_of(running.model.app.plugins).calls(hook):
            yield (
                f"`{hook}`",
                lambda desk, call=call, given=arguments: call(desk=desk, **given),
                lambda answer, wanted=wanted: not answer or all(isinstance(each, wanted) for each in answer),
            )


def _jobs(running: Crm) -> Iterator[_Try]:
    for _, call in plugins_of(running.model.app.plugins).calls("jobs"):
        for work in call(model=running.model):
            for times in ("once", "again"):
                yield f"the job '{work.name}' ({times})", work.run, lambda answer: answer == 0
