import re

from tests.demo.recipes.worlds import drawn, world_of


def test_a_template_reads_through_references_and_forms_of_words() -> None:
    world = world_of(customer=[{"id": "c", "brand": {"zh": "华泰", "latin": "huatai"}}])
    row = {"customer": "c", "name": "lin", "n": 7}
    assert drawn({"template": "{name}.{n}@{customer.brand.latin}.example"}, row, world) == [
        "lin.7@huatai.example"
    ]


def test_what_is_empty_in_a_template_is_left_out() -> None:
    assert drawn(
        {"template": "{surname}{middle}{given}"}, {"surname": "林", "middle": None, "given": "雯"}
    ) == ["林雯"]


def test_a_pattern_fills_digits_and_capitals() -> None:
    found = drawn({"pattern": "91##MA&&&"}, times=200)
    assert all(re.fullmatch(r"91\d\dMA[0-9A-Z]{3}", str(each)) for each in found)
    assert len(set(found)) > 190
