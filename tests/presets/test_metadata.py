"""What holds for every preset, and the contract of core (RULING 5)."""

from collections.abc import Iterator

import pytest

from salesmode.diagnostics import Span
from salesmode.model.label import Label
from tests.presets.compiled import PRESETS, compiled
from tests.presets.stories import place

pytestmark = pytest.mark.parametrize("preset", PRESETS)

CONTRACT = {
    "user": {
        "name": "text",
        "email": "email",
        "active": "boolean",
        "locale": "text",
        "roles": "multi_choice",
        "team": "reference",
    },
    "team": {"name": "text", "parent": "reference"},
    "territory": {"name": "text", "parent": "reference"},
    "activity": {
        "kind": "choice",
        "subject": "text",
        "at": "datetime",
        "duration": "integer",
        "outcome": "choice",
        "next_step": "text",
    },
    "task": {
        "subject": "text",
        "due": "datetime",
        "done_at": "datetime",
        "assignee": "user",
        "priority": "choice",
    },
}


def test_it_compiles_without_an_error_or_a_warning(preset: str) -> None:
    assert compiled(preset).warnings == ()


def test_core_has_what_apps_build_on(preset: str) -> None:
    objects = compiled(preset).model.objects
    for name, fields in CONTRACT.items():
        assert {field: objects[name].fields[field].type for field in fields} == fields
    assert objects["user"].fields["name"].unique
    assert objects["team"].fields["parent"].tree
    assert objects["territory"].fields["parent"].tree


def test_everything_people_read_is_there_in_both_languages(preset: str) -> None:
    missing = [place for place, label in labels(preset) if not {"en", "zh"} <= label.texts.keys()]
    assert missing == []


def test_names_and_their_labels_differ_between_the_languages(preset: str) -> None:
    same = [place for place, label in labels(preset) if label.texts.get("en") == label.texts.get("zh")]
    assert same == []


def test_what_every_mode_fills_in_says_what_it_means(preset: str) -> None:
    """Marketing, sales and service mean the same by a field (D4); names, numbers and links need no words."""
    objects = compiled(preset).model.objects
    missing = [
        f"{name}.{field.name}"
        for name, each in objects.items()
        for field in each.fields.values()
        if _shared(field.span) and not field.system and field.help is None
        if field.name not in {"name", "owner"} and field.type not in {"reference", "user", "auto_number"}
    ]
    assert missing == []


def _shared(span: Span) -> bool:
    return place(span).startswith(("core/", "common/"))


def labels(preset: str) -> Iterator[tuple[str, Label]]:
    """Every text of the model that a client may be sent, with its place."""
    model = compiled(preset).model
    for name, role in model.roles.items():
        yield name, role.label
    for name, each in model.objects.items():
        yield name, each.label
        yield f"{name} plural", each.plural_label
        if each.help is not None:
            yield f"{name} help", each.help
        for validation in each.validations:
            yield f"{name} {validation.name}", validation.message
        for field in each.fields.values():
            if field.system:
                continue
            yield f"{name}.{field.name}", field.label
            if field.help is not None:
                yield f"{name}.{field.name} help", field.help
            yield from ((f"{name}.{field.name} {option.name}", option.label) for option in field.options)
        yield from ((f"{name}.{inverse.name}", inverse.label) for inverse in each.inverses.values())
