"""`salesmode schema graphql`: what a set of roles sees, and no more."""

from pathlib import Path

from graphql import build_schema

from tests.cli.kit import salesmode, shop


def test_the_administrator_s_schema_is_the_default_and_whole(tmp_path: Path) -> None:
    said = salesmode("schema", "graphql", shop(tmp_path))
    assert said.code == 0
    schema = build_schema(said.out)
    assert {"name", "price", "margin"} <= schema.type_map["Product"].fields.keys()  # type: ignore[attr-defined]


def test_a_role_s_schema_has_no_word_of_what_is_hidden(tmp_path: Path) -> None:
    said = salesmode("schema", "graphql", shop(tmp_path), "--role", "clerk")
    assert said.code == 0
    assert "price" in said.out
    assert "margin" not in said.out.lower()
    assert "createProduct" not in said.out


def test_a_role_that_is_not_there(tmp_path: Path) -> None:
    said = salesmode("schema", "graphql", shop(tmp_path), "--role", "clark")
    assert said.code == 2
    assert "did you mean 'clerk'?" in said.err
