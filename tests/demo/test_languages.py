"""The same company in two languages: texts differ, nothing else does."""

import pytest

from salesmode.diagnostics import MetadataError
from tests.demo.clinics import DEMO, changed, described
from tests.demo.test_generation import Rows, rows

TOLD = changed(
    ("town: [{zh: 苏州, latin: suzhou}]", "town: [{zh: 苏州, en: Suzhou, latin: suzhou}]"),
    (
        '{template: "Clinic {n} {town.latin}"}',
        '{template: {zh: "{town}第{n}诊所", en: "Clinic {n} of {town}"}}',
    ),
    ("{name: Head office,", "{name: {zh: 总部, en: Head office}, key: head,"),
    ("parent: Head office", "parent: head"),
    ("key: name\nparts: [", "key: key\nparts: [note, key, "),
    ("{name: Branch,", "{name: Branch, key: branch,"),
)


def names(locale: str, text: str = TOLD) -> list[object]:
    return [row["name"] for row in rows(text, locale=locale)["clinic"]]


def test_a_template_and_the_words_in_it_are_in_the_language_that_was_asked_for() -> None:
    assert names("zh")[2:4] == ["苏州第2诊所", "苏州第3诊所"]
    assert names("en")[2:4] == ["Clinic 2 of Suzhou", "Clinic 3 of Suzhou"]


def test_a_written_row_is_too() -> None:
    assert (names("zh")[0], names("en")[0]) == ("总部", "Head office")


@pytest.mark.parametrize(
    ("recipe", "zh", "en"),
    [
        ("{zh: 甲, en: First}", {"甲"}, {"First"}),
        ("{value: {zh: 甲, en: First}}", {"甲"}, {"First"}),
        ("{choice: [{zh: 甲, en: First}, {zh: 乙, en: Second}]}", {"甲", "乙"}, {"First", "Second"}),
        ("{words: town}", {"苏州"}, {"Suzhou"}),
        ("{copy: town}", {"苏州"}, {"Suzhou"}),
        ("{zh: 甲}", {"甲"}, {"甲"}),
    ],
)
def test_wherever_a_text_may_stand(recipe: str, zh: set[str], en: set[str]) -> None:
    text = TOLD.replace("{zh: 苏州, en: Suzhou, latin", "{zh: 苏州, en: Suzhou, x: y, latin")
    told = text.replace('{template: {zh: "{town}第{n}诊所", en: "Clinic {n} of {town}"}}', recipe)
    assert (set(names("zh", told)[2:]), set(names("en", told)[2:])) == (zh, en)


def test_everything_else_is_the_same() -> None:
    def without_names(locale: str) -> Rows:
        return tuple({**row, "name": None} for row in rows(TOLD, locale=locale)["clinic"])

    assert without_names("zh") == without_names("en")


def test_a_language_that_a_text_is_not_in_gets_the_first_one() -> None:
    assert names("fr") == names("zh")


def test_names_are_checked_in_every_language() -> None:
    with pytest.raises(MetadataError) as caught:
        described(TOLD.replace("of {town}", "of {twon}"))
    assert [each.message for each in caught.value.diagnostics] == [
        "'twon' is neither a field of 'clinic' nor one of its parts"
    ]


def test_a_mapping_that_is_no_recipe_and_no_text_is_told() -> None:
    with pytest.raises(MetadataError) as caught:
        described(DEMO.replace("{words: surname}", "{chinese: 王}"))
    assert caught.value.diagnostics[0].message == "one recipe is wanted, and here is none"
