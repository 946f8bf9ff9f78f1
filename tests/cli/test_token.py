"""`salesmode token`: a token and nothing else, signed with the secret of the environment."""

import jwt
import pytest

from tests.cli.kit import SECRET, salesmode


def test_the_token_alone() -> None:
    said = salesmode("token", "--user", "ann", SALESMODE_SECRET=SECRET)
    assert (said.code, said.err, said.out.count("\n")) == (0, "", 1)
    claims = jwt.decode(said.out.strip(), SECRET, algorithms=["HS256"])
    assert claims["sub"] == "ann"
    assert "roles" not in claims


def test_it_can_use_only_some_roles_and_lasts_as_long_as_asked() -> None:
    arguments = ("--role", "sales", "--role", "finance", "--days", "2")
    said = salesmode("token", "--user", "ann", *arguments, SALESMODE_SECRET=SECRET)
    claims = jwt.decode(said.out.strip(), SECRET, algorithms=["HS256"])
    assert claims["roles"] == ["sales", "finance"]
    assert claims["exp"] - claims["iat"] == 2 * 24 * 3600


@pytest.mark.parametrize("secret", [{}, {"SALESMODE_SECRET": ""}])
def test_without_a_secret_there_is_none(secret: dict[str, str]) -> None:
    said = salesmode("token", "--user", "ann", **secret)
    assert (said.code, said.out) == (2, "")
    assert "SALESMODE_SECRET is not set" in said.err


def test_a_short_secret_is_warned_of_beside_the_token() -> None:
    said = salesmode("token", "--user", "ann", SALESMODE_SECRET="short")
    assert said.code == 0
    assert jwt.decode(said.out.strip(), options={"verify_signature": False})["sub"] == "ann"
    assert "shorter than 32 bytes" in said.err


def test_it_is_for_somebody() -> None:
    assert salesmode("token", SALESMODE_SECRET=SECRET).code == 2
