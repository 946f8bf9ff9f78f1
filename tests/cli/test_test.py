"""`salesmode test`: what it prints, how it ends, and whose database it takes."""

import sqlite3
from pathlib import Path

import pytest
import yaml

from tests.cli.kit import salesmode
from tests.proving.apps import CLERK, SHOP


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "app.yaml").write_text(yaml.safe_dump_all([dict(each) for each in (*SHOP, CLERK)]))
    return folder


def test_a_role_that_learns_nothing_else_ends_well(shop: Path) -> None:
    said = salesmode("test", "--permissions", shop, "--share", 10)
    assert said.code == 0, said.err
    assert "clerk" in said.out
    assert said.out.rstrip().endswith("probes, 0 leaks")


def test_a_database_that_is_not_empty_is_not_touched(shop: Path, tmp_path: Path) -> None:
    path = tmp_path / "precious.db"
    with sqlite3.connect(path) as precious:
        precious.execute("CREATE TABLE precious (x)")
    said = salesmode("test", "--permissions", shop, "--database", f"sqlite:///{path}")
    assert said.code == 2
    assert "the database has 1 table" in said.err


def test_the_database_of_the_environment_is_never_taken(shop: Path, tmp_path: Path) -> None:
    path = tmp_path / "production.db"
    said = salesmode("test", "--permissions", shop, "--share", 200, SALESMODE_DATABASE=f"sqlite:///{path}")
    assert said.code == 0, said.err
    assert not path.exists()


def test_a_database_is_left_empty(shop: Path, database_url: str) -> None:
    for _ in range(2):
        said = salesmode("test", "--permissions", shop, "--share", 200, "--database", database_url)
        assert said.code == 0, said.err


def test_an_unknown_role_is_wrong_usage(shop: Path) -> None:
    said = salesmode("test", "--permissions", shop, "--role", "clark")
    assert said.code == 2
    assert "clerk" in said.err


STORIES = """
kind: story
name: {name}
covers: [D74]
proves: [{proves}]
when: [{{create: item, values: {{name: x}}}}]
then: [{{as: admin, count: item, is: {seen}}}]
"""


@pytest.fixture
def told(tmp_path: Path) -> Path:
    folder = tmp_path / "told"
    folder.mkdir()
    item = "kind: object\nname: item\nfields: {name: {type: text, default: y}, note: {type: text}}\n"
    stories = [
        STORIES.format(name="right", seen=1, proves="item.name.default"),
        STORIES.format(name="wrong", seen=2, proves="item.note"),
    ]
    (folder / "app.yaml").write_text("---\n".join(["kind: app\nname: told\n", item, *stories]))
    return folder


def test_stories_are_played_and_what_fails_is_told_at_its_line(told: Path, database_url: str) -> None:
    said = salesmode("test", told, "--database", database_url)
    assert said.code == 1
    assert "ok      right  D74" in said.out
    assert "SM831 count: admin sees 1, not 2\n  then: [{as: admin, count: item, is: 2}]" in said.out
    assert said.out.rstrip().endswith("1 story passed, 1 failed")


def test_one_story_alone(told: Path) -> None:
    said = salesmode("test", told, "--story", "right")
    assert said.code == 0, said.err
    assert said.out.rstrip().endswith("1 story passed, 0 failed")


def test_a_story_that_holds_without_what_it_proves_is_told_at_its_line(told: Path) -> None:
    said = salesmode("test", told, "--story", "right", "--mutations")
    assert said.code == 1
    assert "SM834 'right' holds without 'item.name.default'\n  proves: [item.name.default]" in said.out
    assert f"see {told}/app.yaml:6:29" in said.out
    assert "1 part taken out, 0 stories failed as they should" in said.out


def test_a_story_that_fails_without_what_it_proves_ends_well(told: Path) -> None:
    path = told / "app.yaml"
    text = path.read_text().replace("values: {name: x}", "values: {}")
    path.write_text(text.replace("count: item, is: 1", "count: item, where: {name: y}, is: 1"))
    said = salesmode("test", told, "--story", "right", "--mutations")
    assert said.code == 0, said.out
    assert "1 part taken out, 1 story failed as they should" in said.out


def test_a_story_that_fails_anyway_is_told_and_proves_nothing(told: Path) -> None:
    said = salesmode("test", told, "--story", "wrong", "--mutations")
    assert said.code == 1
    assert "SM831" in said.out
    assert "0 parts taken out" in said.out


def test_what_a_story_proves_is_there(told: Path) -> None:
    path = told / "app.yaml"
    path.write_text(path.read_text().replace("item.note", "item.nte"))
    said = salesmode("validate", told)
    assert said.code == 1
    assert "SM833 'item' has no 'nte'" in said.out


def test_coverage_names_requirement_story_and_part_with_their_places(told: Path) -> None:
    said = salesmode("test", told, "--coverage")
    assert said.code == 0, said.err
    line = next(each for each in said.out.splitlines() if "right" in each).split()
    assert line == ["D74", "right", f"{told}/app.yaml:10:7", "item.name.default", f"{told}/app.yaml:6:29"]


def test_an_unknown_story_is_wrong_usage(told: Path) -> None:
    said = salesmode("test", told, "--story", "rihgt")
    assert said.code == 2
    assert "right" in said.err


def test_validate_finds_what_is_wrong_with_a_story(told: Path) -> None:
    path = told / "app.yaml"
    path.write_text(path.read_text().replace("create: item", "create: itm"))
    said = salesmode("validate", told)
    assert said.code == 1
    assert "SM303 unknown object 'itm'" in said.out


@pytest.fixture
def above(told: Path) -> Path:
    """An app on what is told, with a story of its own."""
    folder = told.with_name("above")
    folder.mkdir()
    app = "kind: app\nname: above\nextends: ../told\n---\nkind: story\nname: wrong\n$remove: true\n"
    own = STORIES.format(name="own", seen=1, proves="item.name.default").replace("{name: x}", "{}")
    own = own.replace("item, is", "item, where: {name: y}, is")
    (folder / "app.yaml").write_text(f"{app}---{own}")
    return folder


def test_parts_are_taken_out_for_the_app_s_own_stories(above: Path) -> None:
    said = salesmode("test", above, "--mutations")
    assert said.code == 0, said.out
    assert "1 story passed, 0 failed" in said.out
    assert "1 part taken out, 1 story failed as they should" in said.out


def test_a_story_below_is_tried_where_it_is_named(above: Path) -> None:
    said = salesmode("test", above, "--mutations", "--story", "right")
    assert said.code == 1
    assert "SM834 'right' holds without" in said.out


def test_a_story_below_about_what_the_app_took_out_is_named_and_counted(above: Path) -> None:
    path = above / "app.yaml"
    removed = "---\nkind: object\nname: item\nfields: {name: {default: {$remove: true}}}\n"
    path.write_text(path.read_text().split("---\nkind: story\nname: own")[0] + removed)
    said = salesmode("test", above)
    assert said.code == 0, said.out
    place = f"{above.with_name('told')}/app.yaml:10:7"
    assert f"{place}: 'right' of 'told' is left out\n" in said.out
    assert f"app.yaml:12:10: 'item.name.default': 'default' is removed\n  see {path}:11:17" in said.out
    assert said.out.rstrip().endswith("0 stories passed, 0 failed, 1 left out")
    assert salesmode("validate", above).code == 0
    assert "1 story of the layers below left out" in salesmode("validate", above).err


def test_without_stories_it_says_so(shop: Path) -> None:
    said = salesmode("test", shop)
    assert said.code == 0
    assert "no stories" in said.out


def test_many_stories_are_played_beside_each_other_and_told_in_order(told: Path) -> None:
    path = told / "app.yaml"
    more = [STORIES.format(name=f"story_{at}", seen=1 + (at == 20), proves="item.note") for at in range(32)]
    path.write_text("---\n".join([path.read_text(), *more]))
    said = salesmode("test", told, *(f"--story=story_{at}" for at in range(32)))
    assert said.code == 1
    assert [each.split()[1] for each in said.out.splitlines()[:32]] == [f"story_{at}" for at in range(32)]
    assert said.out.count("SM831") == 1
    assert said.out.rstrip().endswith("31 stories passed, 1 failed")
