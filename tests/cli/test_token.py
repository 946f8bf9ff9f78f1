"""`salesmode token`: a token or a key and nothing else; keys are shown and taken back."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from tests.cli.kit import SECRET, Said, salesmode, shop


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
    for arguments in ((), ("--user", "ann", "--list"), ("--list", "--revoke", "smk_1")):
        said = salesmode("token", *arguments, SALESMODE_SECRET=SECRET)
        assert (said.code, said.out) == (2, "")
        assert "say one of --user NAME, --list and --revoke PREFIX" in said.err


def test_it_names_its_issuer_and_audience_where_the_server_asks_for_them() -> None:
    named = {"SALESMODE_ISSUER": "https://id.example", "SALESMODE_AUDIENCE": "crm"}
    said = salesmode("token", "--user", "ann", SALESMODE_SECRET=SECRET, **named)
    claims = jwt.decode(said.out.strip(), SECRET, algorithms=["HS256"], audience="crm")
    assert (claims["iss"], claims["aud"]) == ("https://id.example", "crm")


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Path:
    """An app that is applied, with an administrator."""
    folder = shop(tmp_path / "shop")
    assert salesmode("apply", folder, "--database", database_url, "--admin", "ann").code == 0
    return folder


def keys(app: Path, url: str) -> list[Any]:
    found: list[Any] = json.loads(token(app, url, "--list", "--json").out)
    return found


def token(app: Path, url: str, *arguments: str) -> Said:
    return salesmode("token", "--app", app, "--database", url, *arguments)


def test_a_key_is_shown_once_alone(app: Path, database_url: str) -> None:
    said = token(app, database_url, "--user", "ann", "--api-key", "--name", "till", "--role", "clerk")
    assert (said.code, said.err, said.out.count("\n")) == (0, "", 1)
    (found,) = keys(app, database_url)
    assert said.out.startswith(f"{found['prefix']}_")
    assert (found["user"], found["name"], found["roles"]) == ("ann", "till", ["clerk"])
    assert found["expires_at"] is found["revoked_at"] is found["last_used_at"] is None
    shown = token(app, database_url, "--list")
    assert found["prefix"] in shown.out
    assert said.out.strip() not in shown.out


def test_a_key_may_end(app: Path, database_url: str) -> None:
    token(app, database_url, "--user", "ann", "--api-key", "--days", "7")
    (found,) = keys(app, database_url)
    ends = datetime.fromisoformat(found["expires_at"])
    assert timedelta(days=6, hours=23) < ends - datetime.now(UTC) < timedelta(days=7)


def test_a_key_is_taken_back_by_its_prefix(app: Path, database_url: str) -> None:
    for _ in range(2):
        token(app, database_url, "--user", "ann", "--api-key")
    last = keys(app, database_url)[0]["prefix"]
    said = token(app, database_url, "--revoke", last)
    assert (said.code, said.out) == (0, "")
    assert [bool(each["revoked_at"]) for each in keys(app, database_url)] == [True, False]
    again = token(app, database_url, "--revoke", last)
    assert (again.code, again.out) == (1, "")
    assert f"there is no key '{last}' to take back" in again.err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--user", "eve"), 1, "there is no user 'eve'"),
        (("--user", "ann", "--role", "clark"), 2, "there is no role 'clark'"),
    ],
)
def test_a_key_is_for_a_user_and_roles_that_there_are(
    app: Path, database_url: str, arguments: tuple[str, ...], code: int, message: str
) -> None:
    said = token(app, database_url, "--api-key", *arguments)
    assert (said.code, said.out) == (code, "")
    assert message in said.err
    assert keys(app, database_url) == []


def test_there_are_no_keys_where_there_is_no_database(tmp_path: Path) -> None:
    said = token(shop(tmp_path / "shop"), f"sqlite:///{tmp_path}/none.db", "--list")
    assert (said.code, said.out) == (1, "")
    assert "there is no database" in said.err
