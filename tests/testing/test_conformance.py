"""What the conformance check finds, and that it finds nothing where there is nothing."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from salesmode.hookspecs import Command, MetadataKind, Panel, TimedWork, hookimpl
from salesmode.testing import conformance


def plugin(**hooks: Any) -> object:
    """A plugin whose hooks give these answers; a function is the hook itself."""

    def implementing(answer: Any) -> Any:
        return answer if callable(answer) else lambda: answer

    return SimpleNamespace(**{name: hookimpl(implementing(answer)) for name, answer in hooks.items()})


def faults(**hooks: Any) -> list[str]:
    with pytest.raises(conformance.Nonconforming) as raised:
        conformance.check(plugin(**hooks))
    return raised.value.faults


def doing(number: int) -> TimedWork:
    def run(desk: Any) -> Iterator[Any]:
        yield from desk.count("user")
        return number

    return TimedWork(name="work", schedule="0 0 * * *", run=run)


def kind(schema: Any) -> MetadataKind:
    return MetadataKind(name="gift", schema=schema, build=lambda reader: reader.name)


def panel(query: str, rows: str) -> Panel:
    return Panel(name="users", title="Users", query=query, rows=rows, columns={"Name": "name"})


def test_a_plugin_that_keeps_everything() -> None:
    found = plugin(
        metadata_kinds=[kind({"properties": {"size": {"type": "integer", "description": "How large."}}})],
        before_write=lambda batch: None,
        validate_record=lambda batch: [],
        route=lambda desk, ids: [],
        jobs=lambda model: [doing(0)],
        console_panels=lambda model: [panel("{ users { nodes { name } } }", "users.nodes")],
    )
    conformance.check(found)


@pytest.mark.parametrize("name", ["commission", "duplicates", "routing"])
def test_plugins_that_are_shipped_keep_everything(name: str) -> None:
    conformance.check(name)


def test_it_runs_on_both_engines(database_url: str) -> None:
    conformance.check(plugin(jobs=lambda model: [doing(0)]), database=database_url)


def test_what_cannot_be_loaded_is_told_first() -> None:
    (fault,) = faults(before_writ=lambda: None)
    assert fault == "the plugin 'checked' does not fit the hooks: there is no hook `before_writ`"


def test_keys_without_a_description() -> None:
    schema = {"properties": {"steps": {"type": "array", "description": "x", "items": {"type": "string"}}}}
    assert faults(metadata_kinds=[kind(schema)], settings_schema={"properties": {"url": {}}}) == [
        "kind 'gift': the schema.steps.items has no description",
        "settings: the schema.url has no description",
    ]


def test_settings_that_are_needed_are_given_to_the_check() -> None:
    needing = {"required": ["url"], "properties": {"url": {"type": "string", "description": "Where."}}}
    (fault,) = faults(settings_schema=needing)
    assert "the plugin 'checked' needs settings" in fault
    settings = "kind: settings\nname: checked\nvalues: {url: x}\n"
    conformance.check(plugin(settings_schema=needing), more=settings)


def test_hooks_that_do_something_where_there_is_nothing_to_do() -> None:
    def fails(batch: Any) -> None:
        print(batch.changes[0])

    def validates(batch: Any) -> list[Any]:
        return [] if batch.changes else ["x"]

    found = faults(before_write=fails, validate_record=validates, route=lambda ids: ["y"])
    told = {each.split(" (")[0] for each in found}
    assert told == {"`before_write`", "`validate_record`", "`route` with nothing to do gives ['y']"}


def test_hooks_that_fail_before_there_is_anything() -> None:
    (fault,) = faults(before_write=lambda batch: 1 / 0)
    assert fault.startswith("an app with no records but its administrator cannot begin: The plugin 'checked'")


def test_work_that_finds_something_to_do_where_nothing_is_due() -> None:
    assert faults(jobs=lambda model: [doing(1)]) == [
        "the job 'work' (once) with nothing to do gives 1",
        "the job 'work' (again) with nothing to do gives 1",
    ]


def test_what_is_offered_twice_or_is_something_else() -> None:
    command = Command(name=("greet",), help="Greet.", run=lambda desk, given: iter(()))  # type: ignore[arg-type,return-value]
    assert faults(cli_commands=[command, command, "x"]) == [
        "`cli_commands` gives ('greet',) twice",
        "`cli_commands` gives 'x', which is no Command",
    ]


def test_panels_whose_query_is_refused_or_has_no_rows() -> None:
    wrong = [panel("{ nothing }", "x")], [panel("{ users { totalCount } }", "users.nodes")]
    first, second = (faults(console_panels=lambda model, found=found: found) for found in wrong)
    assert first[0].startswith("the query of the panel 'users' is refused")
    assert second == ["the answer to the panel 'users' has no list at users.nodes"]
