"""What a plugin may add to the API, and what an app with anything else is told."""

import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from salesmode.compiler import compile_texts
from salesmode.diagnostics import MetadataError
from salesmode.hookspecs import (
    ApiField,
    GraphFields,
    InputType,
    OutputType,
    Panel,
    RecordField,
    Target,
    TimedWork,
    hookimpl,
)
from salesmode.plugins import Additions, additions_of
from tests.support.plugged import adding, plugged

APP = """
kind: app
name: small
plugins: [first, second]
---
kind: object
name: deal
fields:
  name: {type: text}
  size: {type: choice, options: [small, large]}
  code: {type: secret}
---
kind: role
name: seller
objects: {deal: {read: true, fields: {default: read}}}
"""

NOTHING = GraphFields()


def added(first: Any, second: Any = NOTHING) -> Additions:
    """What the two plugins add to the app."""
    with plugged(first=adding(first), second=adding(second)):
        return additions_of(compile_texts({"app.yaml": APP}).model)


def faults(first: Any, second: Any = NOTHING) -> list[str]:
    """Why the app does not compile, told where it names the plugins."""
    with (
        plugged(first=adding(first), second=adding(second)),
        pytest.raises(MetadataError) as refused,
    ):
        compile_texts({"app.yaml": APP})
    found = refused.value.diagnostics
    assert {(each.code, each.span.line) for each in found} == {("SM912", 4)}
    assert all(
        "the plugin 'first'" in each.message or "the plugin 'second'" in each.message for each in found
    )
    return [str(each.why) for each in found]


def run(*_: Any) -> Any:
    raise AssertionError("nothing is run while names are looked at")


def query(name: str = "best", answer: str = "Int", **more: Any) -> ApiField:
    return ApiField(name=name, answer=answer, run=run, **more)


def of_deal(name: str = "heat", answer: str = "Decimal", needs: Any = ("name",)) -> RecordField:
    return RecordField(object="deal", name=name, answer=answer, needs=needs, resolve=run)


def test_everything_is_found_by_its_name_with_the_plugin_that_it_is_of() -> None:
    box = OutputType(name="Box", fields={"deal": "Deal", "deals": "[Deal!]!", "size": "DealSize"})
    order = InputType(name="Order", fields={"amount": "Decimal!", "sizes": "[ DealSize! ]"})
    found = added(
        GraphFields(queries=[query(answer="[Box!]", arguments={"order": "Order!"})], types=[box, order]),
        GraphFields(
            mutations=[query("cool", target=Target(object="deal", right="update"))], fields=[of_deal()]
        ),
    )
    assert not found.faults
    assert found.queries["best"].plugin == "first"
    assert found.types["Order"].given.fields == {"amount": "Decimal!", "sizes": "[DealSize!]"}
    assert found.mutations["cool"].given.arguments == {"id": "ID!"}
    assert found.fields["deal"]["heat"].plugin == "second"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (
            GraphFields(queries=[query(answer="Deel")]),
            "'best': there is no type 'Deel' (did you mean 'Deal'?)",
        ),
        (GraphFields(queries=[query(answer="[Int")]), "'best': '[Int' is no type of GraphQL"),
        (
            GraphFields(queries=[query(answer="Deal!")]),
            "'best': 'Deal!' cannot be: a record may be hidden from who asks; leave out its `!`",
        ),
        (
            GraphFields(queries=[query(arguments={"deal": "Deal"})]),
            "'best.deal': 'Deal' cannot be an argument",
        ),
        (GraphFields(queries=[query(arguments={"a_b": "Int"})]), "'best.a_b' is no legal name"),
        (GraphFields(queries=[query("deals")]), "the query 'deals' is there already"),
        (GraphFields(queries=[query("viewer")]), "the query 'viewer' is there already"),
        (GraphFields(mutations=[query("createDeal")]), "the mutation 'createDeal' is there already"),
        (GraphFields(queries=[query("my_best")]), "'my_best' is no name for a query"),
        (GraphFields(queries=[query(roles=frozenset({"sellr"}))]), "'best': there is no role 'sellr'"),
        (GraphFields(mutations=[query(target=Target(object="deel"))]), "'best': there is no object 'deel'"),
        (
            GraphFields(mutations=[query(target=Target(object="deal"), arguments={"id": "Int"})]),
            "'best': the argument 'id' is the id of a record, 'ID!'",
        ),
        (
            GraphFields(mutations=[query(target=Target(object="deal", right="own"))]),
            "'best': there is no right 'own'; there are update, delete, share, transfer, merge",
        ),
        (
            GraphFields(types=[OutputType(name="DealWhere", fields={"a": "Int"})]),
            "the type 'DealWhere' is there already",
        ),
        (GraphFields(types=[OutputType(name="box", fields={"a": "Int"})]), "'box' is no name for a type"),
        (GraphFields(types=[OutputType(name="Box", fields={})]), "the type 'Box' has no fields"),
        (
            GraphFields(types=[InputType(name="Box", fields={"b": "Box", "d": "Deal"})]),
            "'Box.d': 'Deal' cannot be an argument",
        ),
        (GraphFields(fields=[of_deal("size")]), "the field of deal 'size' is there already"),
        (GraphFields(fields=[of_deal("history")]), "the field of deal 'history' is there already"),
        (
            GraphFields(fields=[of_deal(answer="Int!")]),
            "'deal.heat': 'Int!' cannot be: it is null where a needed field is hidden",
        ),
        (
            GraphFields(fields=[of_deal(needs=["nam"])]),
            "'deal.heat': there is no field 'deal.nam' (did you mean 'name'?)",
        ),
        (GraphFields(fields=[of_deal(needs=["code"])]), "'deal.heat': 'deal.code' can be read by nobody"),
        (GraphFields(queries=[of_deal()]), "`queries` cannot be"),  # type: ignore[list-item]
        (None, "GraphFields are expected, not None"),
    ],
)
def test_what_cannot_be_is_told_with_the_name_of_the_plugin(given: Any, why: str) -> None:
    (told,) = faults(given)
    assert told.startswith(why)


def test_two_plugins_cannot_have_the_same_name() -> None:
    box = OutputType(name="Box", fields={"a": "Int"})
    given = GraphFields(queries=[query()], fields=[of_deal()], types=[box])
    assert faults(given, given) == [
        "the type 'Box' is brought by the plugin 'first' too",
        "the query 'best' is brought by the plugin 'first' too",
        "the field of deal 'heat' is brought by the plugin 'first' too",
    ]


def test_a_plugin_that_fails_is_told_by_its_name() -> None:
    def fail(_: Any) -> Any:
        raise KeyError("price_book")

    assert faults(fail) == ["KeyError: 'price_book'"]


PANEL = Panel(name="deals", title="Deals", query="{ deals }", rows="deals.nodes", columns={"Name": "name"})


@pytest.mark.parametrize(
    ("panels", "why"),
    [
        ([replace(PANEL, name="My deals")], "'My deals' is no name for a panel"),
        ([PANEL, PANEL], "the panel 'deals' is there already"),
        ([replace(PANEL, rows="deals/nodes")], "the rows of 'deals' are no path: 'deals/nodes'"),
        ([replace(PANEL, columns={"Name": ""})], "the column 'Name' of 'deals' is no path: ''"),
        ([replace(PANEL, columns={})], "the panel 'deals' has no columns"),
        (["deals"], "a Panel is expected, not 'deals'"),
    ],
)
def test_a_panel_that_cannot_be_is_told_in_the_same_way(panels: Any, why: str) -> None:
    with (
        plugged(first=adding(NOTHING, panels), second=adding(NOTHING)),
        pytest.raises(MetadataError) as refused,
    ):
        compile_texts({"app.yaml": APP})
    (found,) = refused.value.diagnostics
    assert (found.code, found.span.line, found.why) == ("SM912", 4, why)


def test_plugins_are_asked_once_for_each_version_of_an_app() -> None:
    asked: list[str] = []

    def given(model: Any) -> GraphFields:
        asked.append(model.version)
        return NOTHING

    with plugged(first=adding(given), second=adding(NOTHING)):
        model = compile_texts({"app.yaml": APP}).model
        additions_of(model)
        assert len(asked) == 1
        other = compile_texts({"app.yaml": APP.replace("large]", "huge]")}).model
    assert asked == [model.version, other.version]


def work(name: str = "tidy", schedule: str = "0 1 * * *") -> TimedWork:
    return TimedWork(name=name, schedule=schedule, run=run)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (None, "a TimedWork is expected, not None"),
        (["x"], "a TimedWork is expected, not 'x'"),
        ([work(schedule="never")], "'never' of 'tidy' is no schedule of cron"),
        ([work(schedule="@daily")], "'@daily' of 'tidy' is no schedule of cron"),
        ([work(), work()], "two pieces of work have the name 'tidy'"),
    ],
)
def test_timed_work_that_cannot_be_is_told_when_the_app_is_compiled(answer: Any, why: str) -> None:
    assert refused_by("jobs", lambda model: answer) == ("the plugin 'x' gave something wrong in `jobs`", why)


class Unspeakable:
    def __repr__(self) -> str:
        raise RuntimeError


def hanging(model: Any) -> Any:
    while True:
        pass


def ending(model: Any) -> Any:
    sys.exit(0)


@pytest.mark.parametrize("hook", ["jobs", "graph_fields", "console_panels"])
def test_code_that_hangs_or_would_end_the_process_is_named(
    hook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused_by(hook, ending) == (f"the plugin 'x' failed in `{hook}`", "SystemExit: 0")
    message, why = refused_by(hook, lambda model: Unspeakable())
    assert (message, why.split(", ")[1]) == (
        f"the plugin 'x' gave something wrong in `{hook}`",
        "not a Unspeakable",
    )
    monkeypatch.setattr("salesmode.plugins.asking.SECONDS", 0.2)
    message, why = refused_by(hook, hanging)
    assert message == f"the plugin 'x' failed in `{hook}`"
    assert why.startswith("it took more than 0.2 seconds")
    assert "while True" in why


def refused_by(hook: str, function: Any) -> tuple[str, str]:
    """What is told of an app whose plugin does that for a hook."""
    plugin = SimpleNamespace(**{hook: hookimpl(function)})
    with plugged(x=plugin), pytest.raises(MetadataError) as refused:
        compile_texts({"app.yaml": APP.replace("[first, second]", "[x]")})
    (found,) = refused.value.diagnostics
    assert (found.code, found.span.line) == ("SM912", 4)
    return found.message, str(found.why)
