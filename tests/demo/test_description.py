import pytest

from salesmode.diagnostics import MetadataError
from tests.demo.clinics import changed, described


def problems(*changes: tuple[str, str]) -> list[str]:
    """What is said about the description after these changes: code, message and hint."""
    with pytest.raises(MetadataError) as caught:
        described(changed(*changes))
    return [
        f"{each.code} {each.message}" + (f" | {each.hint}" if each.hint else "")
        for each in caught.value.diagnostics
    ]


def test_populations_come_after_those_they_refer_to() -> None:
    assert [each.of for each in described().populations] == ["user", "clinic"]


def test_recipes_come_after_those_they_read_wherever_they_stand() -> None:
    (_, clinics) = described(
        changed(("  town: {words: town}\n", ""), ("  owner:", "  town: {words: town}\n  owner:"))
    ).populations
    names = list(clinics.recipes)
    assert names.index("town") < names.index("name")
    assert names.index("created_at") < names.index("opened")


def test_documents_of_other_kinds_are_passed_over() -> None:
    assert (
        len(
            described(
                changed(("kind: demo\nname: words\n", "kind: story\nname: s\n---\nkind: demo\nname: words\n"))
            ).populations
        )
        == 2
    )


def test_every_unknown_name_is_told_with_the_near_one() -> None:
    found = problems(
        ("{words: surname}", "{words: surnames}"),
        ("beds: {by: size", "bed: {by: sise"),
        ("{reference: user}", "{reference: user, where: {nam: lin}}"),
        ("{town.latin}", "{owner.nme}"),
    )
    assert found == [
        "SM823 there is no list of words 'surnames' | did you mean 'surname'?",
        "SM823 'nme' is neither a field of 'user' nor one of its parts | did you mean 'name'?",
        "SM823 'bed' is neither a field of 'clinic' nor one of the parts named here | did you mean 'beds'?",
        "SM823 'sise' is neither a field of 'clinic' nor one of its parts | did you mean 'size'?",
        "SM823 'nam' is neither a field of 'user' nor one of its parts | did you mean 'name'?",
    ]


def test_a_problem_stands_where_its_recipe_is() -> None:
    with pytest.raises(MetadataError) as caught:
        described(changed(("{words: surname}", "{words: surnames}")))
    assert str(caught.value.diagnostics[0].span) == "demo.yaml:15:3"


def test_an_object_that_does_not_exist() -> None:
    assert problems(("object: clinic", "object: clinics"))[0] == (
        "SM821 there is no object 'clinics' | did you mean 'clinic' (model.yaml:1:1)?"
    )


def test_a_reference_to_an_object_without_demo_records() -> None:
    assert problems(("object: user", "object: staff"))[1:] == [
        "SM823 no row of 'user' that is written before this one has the key 'lin'",
        "SM823 no demo records of 'user' are described",
    ]


def test_fields_without_an_object() -> None:
    assert problems(("object: clinic\n", ""))[0] == "SM821 'key' belongs to no object | add `object: NAME`"


def test_the_same_object_twice() -> None:
    assert problems(("object: clinic\n", "object: user\n"))[0] == (
        "SM822 the records of 'user' are described twice | merge the two"
    )


def test_a_recipe_that_cannot_be_read() -> None:
    found = problems(
        ("{words: surname}", "{words: surname, copy: created_by}"),
        ("{reference: user}", "{share: 0.5}"),
        ("{from: created_at, to: $now}", "{from: created_at, to: $tomorrow}"),
    )
    assert found == [
        "SM820 one recipe is wanted, and here is words and copy",
        "SM820 '$tomorrow' is no moment; write `$now - 90d` or `created_at + 2w`",
        "SM820 one recipe is wanted, and here is none",
    ]


def test_a_required_field_without_recipe() -> None:
    assert problems(('  name: {template: "Clinic {n} {town.latin}"}\n', "")) == [
        "SM824 'name' is required and has no recipe"
    ]


def test_a_part_with_the_name_of_a_field() -> None:
    assert problems(("parts: [town,", "parts: [grade, town,")) == [
        "SM825 the part 'grade' has the name of a field of 'clinic'"
    ]


def test_a_written_reference_names_an_earlier_row() -> None:
    found = problems(("owner: lin", "owner: chen, parent: Branch"))
    assert found == [
        "SM823 no row of 'clinic' that is written before this one has the key 'Branch'",
        "SM823 no row of 'user' that is written before this one has the key 'chen'",
    ]


def test_a_written_part_that_refers_names_a_row_too() -> None:
    found = problems(
        ("parts: [town, size", "parts: [town, size, seller"),
        ("owner: lin,", "seller: lim,"),
        ("owner: {reference: user}", "seller: {reference: user}"),
    )
    assert found == [
        "SM823 no row of 'user' that is written before this one has the key 'lim' | did you mean 'lin'?"
    ]


def test_who_signs_in_is_a_written_user() -> None:
    assert described().sign_in == ("lin",)
    assert problems(("sign_in: [lin]", "sign_in: [lim]")) == [
        "SM823 no user that is written here has the key 'lim' | did you mean 'lin'?"
    ]


VISITS = """
---
kind: demo
name: visits
object: visit
"""


@pytest.mark.parametrize(
    ("each", "said"),
    [
        (
            "{object: clinik, as: clinic}",
            "SM823 no demo records of 'clinik' are described | did you mean 'clinic'?",
        ),
        (
            "{object: clinic, as: clinik}",
            "SM823 'clinik' is neither a field of 'visit' nor one of its parts | did you mean 'clinic'?",
        ),
        ("{object: clinic, as: user}", "SM823 'user' refers to 'user', not to 'clinic'"),
        (
            "{object: clinic, as: clinic, where: {sise: large}}",
            "SM823 'sise' is neither a field of 'clinic' nor one of its parts | did you mean 'size'?",
        ),
        (
            "{object: clinic, as: clinic, times: bed}",
            "SM823 'bed' is neither a field of 'clinic' nor one of its parts | did you mean 'beds'?",
        ),
        ("{object: visit, as: subject}", "SM823 'each' is about the records of another object"),
    ],
)
def test_names_of_each(each: str, said: str) -> None:
    last = "  created_at: {moment: {from: $now - 1y, to: $now - 1d}}\n"
    assert problems((last, f"{last}{VISITS}each: [{each}]\n")) == [said]


def test_circles_of_values_and_of_records() -> None:
    assert problems(("{choice: {small: 1, large: 1}}", "{copy: beds}")) == [
        "SM826 these values would have to be drawn before each other: size → beds → size"
    ]
    assert problems(
        ("  name: {words: surname}\n", "  name: {words: surname}\n  created_by: {reference: clinic}\n"),
        ("{reference: user}", "{reference: user, share: 1}"),
    )[0].startswith("SM826 these records would have to be made before each other:")
