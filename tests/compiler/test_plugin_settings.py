"""Settings of plugins: what they may be is said by the plugin, and what is secret by the environment."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from salesmode.compiler import compile_texts
from salesmode.diagnostics import MetadataError
from salesmode.hookspecs import hookimpl
from tests.support.plugged import plugged

SCHEMA = {
    "required": ["url"],
    "properties": {
        "url": {"type": "string", "pattern": "^https://", "description": "Where."},
        "times": {"type": "integer", "description": "How often."},
        "wait": {"$ref": "common.schema.json#/$defs/duration", "description": "How long."},
        "from": {"$ref": "#/$defs/mail", "description": "Who."},
    },
    "$defs": {"mail": {"type": "string", "description": "An address."}},
}
APP = "kind: app\nname: shop\nplugins: [mail]\n"


def mail(schema: Any) -> object:
    @hookimpl
    def settings_schema() -> Any:
        return schema

    return SimpleNamespace(settings_schema=settings_schema)


def settings(values: str, schema: Any = SCHEMA) -> Mapping[str, Any]:
    with plugged(mail=mail(schema)):
        text = f"{APP}---\nkind: settings\nname: mail\nvalues: {values}\n"
        return compile_texts({"app.yaml": text}).model.settings


def told(text: str, schema: Any = SCHEMA) -> list[str]:
    with plugged(mail=mail(schema)), pytest.raises(MetadataError) as raised:
        compile_texts({"app.yaml": text})
    found = raised.value.diagnostics
    return [f"{each.span.line}:{each.span.column} {each.code} {each.message}" for each in found]


def test_settings_stand_in_the_model_by_plugin() -> None:
    assert settings("{url: https://x, times: 3, wait: 2h, from: 12}") == {
        "mail": {"url": "https://x", "times": 3, "wait": "2h", "from": "12"}
    }


def test_what_the_environment_holds_is_not_looked_up_before_it_is_needed() -> None:
    found = settings("{url: {env: NOT_SET_ANYWHERE}, times: {env: TIMES}}")
    assert found == {"mail": {"url": {"env": "NOT_SET_ANYWHERE"}, "times": {"env": "TIMES"}}}


def test_values_are_held_against_the_plugin_s_schema() -> None:
    wrong = (
        f"{APP}---\nkind: settings\nname: mail\nvalues: {{url: http, times: x, wiat: 1d, from: {{env: 1}}}}\n"
    )
    assert told(wrong) == [
        "7:15 SM206 'url' cannot be 'http'",
        "7:28 SM203 'times' is the text 'x', and a whole number is expected",
        "7:31 SM202 unknown key 'wiat'",
        "7:47 SM203 'from' is a mapping, and a text is expected",
    ]


def test_settings_that_are_needed_are_missed() -> None:
    assert told(APP) == ["3:11 SM915 the plugin 'mail' needs settings"]
    with plugged(mail=mail({"properties": SCHEMA["properties"], "$defs": SCHEMA["$defs"]})):
        assert compile_texts({"app.yaml": APP}).model.settings == {}


def test_settings_of_what_is_not_there_are_refused() -> None:
    stranger = (
        f"{APP}---\nkind: settings\nname: mial\n---\nkind: settings\nname: mail\nvalues: {{url: https://x}}\n"
    )
    assert told(stranger) == ["6:7 SM915 the app does not use a plugin 'mial'"]


def test_a_schema_that_is_none_is_the_plugin_s_fault() -> None:
    message = "3:11 SM912 the plugin 'mail' gave something wrong in `settings_schema`"
    assert told(APP, {"properties": {"a": {"type": "sting"}}}) == [message]
    assert told(APP, None) == [message]
    assert told(APP, {"properties": {"a": {"$ref": "#/$defs/nothing"}}}) == [message]


def test_how_long_plugins_may_take_is_said_by_the_app() -> None:
    assert compile_texts({"app.yaml": "kind: app\nname: a\n"}).model.app.plugin_timeout == 5
    assert (
        compile_texts({"app.yaml": "kind: app\nname: a\nplugin_timeout: 0.5\n"}).model.app.plugin_timeout
        == 0.5
    )
    assert told("kind: app\nname: a\nplugin_timeout: 0\n") == [
        "3:17 SM207 'plugin_timeout' is too small: at least 0.1 is expected"
    ]
