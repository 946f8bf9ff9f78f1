"""Kinds, layers and faults of plugins, as the compiler tells of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from salesmode.compiler import Compiled, compile_texts, explain
from salesmode.diagnostics import MetadataError
from salesmode.hookspecs import MetadataKind, Reader, hookimpl
from salesmode.model.condition import ALWAYS, Compare, Condition, Literal, RecordValue, record_values
from tests.support.plugged import plugged

_COMMON = "common.schema.json#/$defs/"
_SCHEMA = {
    "required": ["object"],
    "properties": {
        "object": {"$ref": f"{_COMMON}name", "description": "The object."},
        "where": {"$ref": f"{_COMMON}condition", "description": "Which records."},
        "weight": {
            "oneOf": [{"type": "integer", "multipleOf": 2}, {"enum": ["all"]}],
            "description": "How much.",
        },
        "set": {"type": "object", "description": "Values.", "additionalProperties": {"description": "One."}},
        "sum": {"type": "string", "description": "An expression."},
        "who": {"type": "string", "description": "A role."},
        "after": {"type": "string", "description": "Another gift."},
        "ribbon": {
            "type": ["string", "object"],
            "description": "A colour, or more.",
            "properties": {"colour": {"type": "string", "description": "It."}},
            "additionalProperties": False,
        },
        "words": {
            "type": "array",
            "description": "Words.",
            "items": {"type": "string", "description": "One."},
        },
        "steps": {
            "type": "array",
            "description": "Steps.",
            "items": {"$ref": "#/$defs/step"},
        },
    },
    "$defs": {
        "step": {
            "type": "object",
            "description": "One step.",
            "required": ["name", "days"],
            "additionalProperties": False,
            "properties": {
                "name": {"$ref": f"{_COMMON}name", "description": "Its name."},
                "days": {"type": "integer", "description": "How long."},
            },
        }
    },
}


@dataclass(frozen=True)
class Gift:
    where: Condition
    values: Mapping[str, Any]
    steps: tuple[tuple[str, int], ...]
    words: tuple[str, ...]


def read(reader: Reader) -> Gift:
    object_ = reader.object(("object",))
    assert object_ is not None
    where = reader.condition(("where",), object_, record=reader.objects["user"])
    reader.formula(("sum",), object_, "decimal")
    reader.role(("who",))
    reader.document(("after",), "gift")
    if where != ALWAYS and "words" in reader.data:
        reader.report(("words",), "words and a condition do not go together", "leave one out")
    steps = tuple((each["name"], each["days"]) for each in reader.data.get("steps", ()))
    return Gift(where, reader.values(("set",), object_), steps, tuple(reader.data.get("words", ())))


def kinds(*found: MetadataKind, layer: Path | None = None) -> object:
    @hookimpl
    def metadata_kinds() -> Any:
        return found

    @hookimpl
    def metadata_layer() -> str:
        return str(layer)

    return SimpleNamespace(
        metadata_kinds=metadata_kinds, **({"metadata_layer": metadata_layer} if layer else {})
    )


def gift(build: Callable[[Reader], object] = read) -> MetadataKind:
    return MetadataKind(name="gift", schema=_SCHEMA, build=build, lists=frozenset({"steps"}))


APP = """
kind: app
name: shop
plugins: [gifts]
---
kind: object
name: customer
fields:
  name: {type: text}
  amount: {type: decimal}
  seller: {type: user}
---
"""


@pytest.fixture(autouse=True)
def gifts() -> Iterator[None]:
    with plugged(gifts=kinds(gift())):
        yield


def compiled(text: str) -> Compiled:
    return compile_texts({"app.yaml": APP + text})


def told(files: str | Mapping[str, str]) -> list[str]:
    """`LINE:COLUMN CODE message | why | hint` of what is wrong; lines count from the end of APP."""
    with pytest.raises(MetadataError) as raised:
        compile_texts({"app.yaml": APP + files} if isinstance(files, str) else files)
    start = APP.count("\n") if isinstance(files, str) else 0
    return [
        " | ".join(
            [f"{each.span.line - start}:{each.span.column} {each.code} {each.message}"]
            + [more for more in (each.why, each.hint) if more]
        )
        for each in raised.value.diagnostics
    ]


ONE = "kind: gift\nname: one\nobject: customer\n"


def test_what_a_plugin_builds_stands_in_the_model() -> None:
    found = compiled(f"{ONE}where: {{seller: $record.id}}\nset: {{name: x}}\nsteps: [{{name: a, days: 1}}]\n")
    assert found.model.extensions == {
        "gift": {
            "one": Gift(Compare("seller", "eq", RecordValue("id")), {"name": Literal("x")}, (("a", 1),), ())
        }
    }


def test_the_second_record_may_be_looked_at_through_references() -> None:
    where = compiled(f"{ONE}where: {{name: $record.team.name}}\n").model.extensions["gift"]["one"].where
    assert record_values(where) == {"team.name"}


def test_the_version_of_the_model_follows_documents_and_plugins() -> None:
    one = compiled(ONE).model.version
    assert compiled(ONE).model.version == one
    assert compiled(f"{ONE}words: [a]\n").model.version != one
    with plugged(gifts=kinds(gift())):
        assert compiled(ONE).model.version != one


def test_layers_merge_a_plugin_s_documents_as_any(tmp_path: Path) -> None:
    (tmp_path / "gifts.yaml").write_text(
        f"{ONE}words: [a, b]\nribbon: {{colour: red}}\nset: {{name: x}}\n"
        "steps: [{name: a, days: 1}, {name: b, days: 2}]\n"
    )
    with plugged(gifts=kinds(gift(), layer=tmp_path)):
        found = compiled(
            "kind: gift\nname: one\nwords: {$add: [c]}\nribbon: {$replace: true}\n"
            "steps: [{name: b, days: 3, $after: null}, {name: a, $remove: true}]\n"
        )
        made = found.model.extensions["gift"]["one"]
        assert (made.words, made.steps) == (("a", "b", "c"), (("b", 3),))
        assert "plugins/gifts/gifts.yaml:6:7 (plugin gifts)" in str(explain(found.layered, "gift.one.set")[0])


def test_all_that_is_wrong_is_told_at_once_and_where() -> None:
    assert told(
        f"{ONE}where: {{nam: 1, seller: $record.teams}}\nset: {{nme: 1, id: 2}}\nweight: 3\nsteps: "
        f"[{{days: x}}]\n"
        "sum: amout * 2\nwho: bos\nafter: on\n---\nkind: gift\nname: two\nsteps: [{name: a}]\n"
        "---\nkind: gift\nname: three\nobject: custommer\nextra: 1\n"
    ) == [
        "4:9 SM702 'customer' has no field or relation 'nam' | did you mean 'name'?",
        "4:25 SM705 'user' has no field 'teams' | did you mean 'team'?",
        "5:7 SM302 unknown field 'nme' | did you mean 'name' (app.yaml:9:3)?",
        "5:15 SM913 the engine gives 'id' its value",
        "6:9 SM209 'weight' does not fit its schema | 3 is not a multiple of 2; or 'weight' cannot be '3'",
        "7:9 SM204 this item has no 'name' | A name: snake_case ASCII, beginning with a letter; single "
        "underscores between the parts. | add `name: …`",
        "7:16 SM203 'days' is the text 'x', and a whole number is expected",
        "8:6 SM711 'customer' has no field 'amout' | did you mean 'amount'?",
        "9:6 SM304 unknown role 'bos'",
        "10:8 SM914 unknown gift 'on' | did you mean 'one'?",
        "12:1 SM204 the document has no 'object' | A name: snake_case ASCII, beginning with a letter; "
        "single underscores between the parts. | add `object: …`",
        "14:9 SM204 this item has no 'days' | How long. | add `days: …`",
        "18:9 SM303 unknown object 'custommer' | did you mean 'customer' (app.yaml:7:7)?",
        "19:1 SM202 unknown key 'extra' | one of kind, name, description, object, where, weight, set, "
        "sum, who, after, ribbon, words, steps",
    ]


def test_what_is_missing_may_be_said_by_any_layer(tmp_path: Path) -> None:
    (tmp_path / "gifts.yaml").write_text("kind: gift\nname: one\nwords: [a]\n")
    with plugged(gifts=kinds(gift(), layer=tmp_path)):
        assert compiled(ONE).model.extensions["gift"]["one"].words == ("a",)
        assert told("kind: gift\nname: one\nwords: [b]\n") == [
            "-11:1 SM204 the document has no 'object' | A name: snake_case ASCII, beginning with a "
            "letter; single underscores between the parts. | add `object: …`",
        ]


def test_a_plugin_that_reports_is_told_as_it_says() -> None:
    assert told(f"{ONE}where: {{name: x}}\nwords: [a]\n") == [
        "5:8 SM913 words and a condition do not go together | leave one out",
    ]


def test_a_plugin_that_fails_is_named_at_the_document() -> None:
    with plugged(gifts=kinds(gift(lambda _: 1 / 0))):
        assert told(ONE) == [
            "2:7 SM912 the plugin 'gifts' failed to read this gift | ZeroDivisionError: division by zero",
        ]


def test_there_is_no_record_where_no_plugin_gives_one() -> None:
    assert told("kind: list_view\nname: mine\nobject: customer\nwhere: {seller: $record.id}\n") == [
        "4:17 SM705 '$record.id': there is no second record here",
    ]


def test_a_kind_of_a_plugin_that_is_not_switched_on_says_so() -> None:
    text = APP.replace("plugins: [gifts]\n", "") + ONE
    assert told({"app.yaml": text}) == [
        "12:7 SM210 there is no kind 'gift' | the plugin 'gifts' brings it: add `gifts` to the app's "
        "`plugins`",
    ]


def test_plugins_that_do_not_work_are_all_named() -> None:
    @hookimpl
    def before_writ(batch: Any) -> None: ...

    @hookimpl
    def metadata_kinds() -> Any:
        return [gift(), MetadataKind(name="role", schema={}, build=read), "x"]

    broken = SimpleNamespace(before_writ=before_writ)
    nonsense = SimpleNamespace(metadata_kinds=metadata_kinds)
    dangling = MetadataKind(name="a", schema={"properties": {"b": {"$ref": "c"}}}, build=read)
    taken = MetadataKind(name="role", schema={}, build=read)
    with plugged(
        broken=broken, nonsense=nonsense, several=kinds(dangling, taken, gift()), idle=SimpleNamespace()
    ):
        text = APP.replace("[gifts]", "[gifs, broken, nonsense, gifts, several, idle]")
        assert told(
            {"app.yaml": f"{text}kind: gift\nname: x\nobject: nowhere\nfoo: 1\n---\nkind: a\nname: b\n"}
        ) == [
            "4:11 SM910 there is no plugin 'gifs' | did you mean 'gifts'?",
            "4:17 SM911 the plugin 'broken' does not fit the hooks | there is no hook `before_writ` | "
            "did you mean 'before_write'?",
            "4:25 SM912 the plugin 'nonsense' gave something wrong in `metadata_kinds` | each of them "
            "is to be a MetadataKind, not 'x'",
            "4:42 SM912 the plugin 'several' gave something wrong in `metadata_kinds` | the schema of "
            "the kind 'a': 'c' leads nowhere; it may refer to itself and to common.schema.json#/$defs/…",
            "4:42 SM912 the plugin 'several' gave something wrong in `metadata_kinds` | 'role' is "
            "brought by the engine too",
            "4:42 SM912 the plugin 'several' gave something wrong in `metadata_kinds` | 'gift' is "
            "brought by the plugin 'gifts' too",
            "4:51 SM901 the plugin 'idle' implements no hook",
            "16:1 SM202 unknown key 'foo' | one of kind, name, description, object, where, weight, "
            "set, sum, who, after, ribbon, words, steps",
        ]


def test_a_plugin_does_not_say_what_the_app_is(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text("kind: app\nname: other\nlocales: [zh]\n")
    with plugged(gifts=kinds(gift(), layer=tmp_path)):
        assert told(ONE) == [
            "-11:1 SM912 the plugin gifts describes an app | a plugin's layer has no `kind: app`",
        ]


def marking(answer: object) -> MetadataKind:
    """Its documents bring the object that they name the fields of `answer`."""

    def fields(documents: Any) -> Any:
        return {each["object"]: answer for each in documents}

    return MetadataKind(name="gift", schema=_SCHEMA, build=read, fields=fields)


def test_documents_bring_fields_to_the_objects_that_they_name() -> None:
    brought = {"given_at": {"type": "datetime", "readonly": True}, "name": {"type": "text", "max_length": 7}}
    with plugged(gifts=kinds(marking(brought))):
        found = compiled(f"{ONE}where: {{given_at: {{lt: $now}}}}\n")
    fields = found.model.objects["customer"].fields
    assert fields["given_at"].readonly
    assert fields["name"].max_length == 7
    assert [name for name, each in fields.items() if not each.system][:4] == [
        "name",
        "amount",
        "seller",
        "given_at",
    ]
    assert {each.span.line for each in explain(found.layered, "customer.given_at")} == {14}


def test_what_an_object_says_itself_goes_before_what_is_brought() -> None:
    with plugged(gifts=kinds(marking({"amount": {"type": "decimal", "scale": 4, "min": 2}}))):
        found = compile_texts({"app.yaml": APP.replace("{type: decimal}", "{type: decimal, scale: 1}") + ONE})
    amount = found.model.objects["customer"].fields["amount"]
    assert (amount.scale, amount.min) == (1, 2)


def test_fields_that_are_none_are_told_where_the_document_stands() -> None:
    with plugged(gifts=kinds(marking({"given_at": {"type": "moment"}}))):
        assert told(ONE)[0].startswith("2:7 SM")
    with plugged(gifts=kinds(marking(7))):
        (line,) = told(ONE)
    assert line.startswith("2:7 SM912 the plugin 'gifts' failed to say which fields 'gift' brings | ")


def test_what_is_brought_applies_in_every_pipeline() -> None:
    selling = """---
kind: pipeline
name: selling
object: customer
granularity: simple
fields: [seller]
"""
    with plugged(gifts=kinds(marking({"given_at": {"type": "datetime"}}))):
        fields = (
            compiled(ONE + selling + selling.replace("selling", "other")).model.objects["customer"].fields
        )
    assert fields["given_at"].pipelines is None
