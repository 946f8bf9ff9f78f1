"""`salesmode test --permissions`: what it prints, how it ends, and whose database it takes."""

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


def test_without_stories_it_says_so(shop: Path) -> None:
    said = salesmode("test", shop)
    assert said.code == 0
    assert "no stories" in said.out
