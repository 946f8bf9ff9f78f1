"""`salesmode serve`: what it needs before it starts, whom it lets in, and how it ends."""

import json
import socket
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from jwt.algorithms import OKPAlgorithm

from tests.cli.kit import SECRET, refusing, salesmode, serving, shop, until

WHO = "{ viewer { name roles } }"


def applied(folder: Path, url: str) -> Path:
    """An app that is applied, with an administrator."""
    shop(folder)
    assert salesmode("apply", folder, "--database", url, "--admin", "ann").code == 0
    return folder


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Path:
    return applied(tmp_path / "shop", database_url)


@pytest.fixture
def embedded(tmp_path: Path, sqlite_url: str) -> Path:
    """For what is the same whatever the database is."""
    return applied(tmp_path / "shop", sqlite_url)


def token(user: str, *more: str) -> str:
    return salesmode("token", "--user", user, *more, SALESMODE_SECRET=SECRET).out.strip()


def test_it_serves_whom_a_token_is_for_and_stops_at_a_signal(app: Path, database_url: str) -> None:
    environment = {"SALESMODE_SECRET": SECRET, "SALESMODE_DATABASE": database_url}
    with serving("serve", app, ready="/graphql", **environment) as server:
        assert server.answer(WHO, token("ann")) == {"data": {"viewer": {"name": "ann", "roles": ["admin"]}}}
        created = server.answer(
            'mutation { createProduct(input: {name: "Lamp", price: "12.50"}) { product { price } } }',
            token("ann"),
        )
        assert created == {"data": {"createProduct": {"product": {"price": "12.50"}}}}
        narrowed = server.answer("{ products { totalCount } }", token("ann", "--role", "clerk"))
        assert narrowed["errors"][0]["extensions"]["code"] == "BAD_REQUEST", "a claim only narrows"
        assert server.ask(WHO)[0] == 401
        assert server.ask(WHO, Authorization="Bearer nonsense")[0] == 401
        assert server.ask(WHO, X_User="ann")[0] == 401
        assert server.answer(WHO, token("bob"))["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_a_key_signs_in_until_it_is_taken_back(app: Path, database_url: str) -> None:
    environment = {"SALESMODE_SECRET": SECRET, "SALESMODE_DATABASE": database_url}
    made = salesmode("token", "--user", "ann", "--api-key", "--app", app, **environment).out.strip()
    with serving("serve", app, ready="/graphql", **environment) as server:
        assert server.answer(WHO, made) == {"data": {"viewer": {"name": "ann", "roles": ["admin"]}}}
        assert salesmode("token", "--revoke", made[:14], "--app", app, **environment).code == 0
        until(lambda: server.ask(WHO, Authorization=f"Bearer {made}")[0] == 401)


def test_limits_are_named_by_the_environment(embedded: Path, sqlite_url: str) -> None:
    environment = {"SALESMODE_DATABASE": sqlite_url, "SALESMODE_LIMIT_ALIASES": "1"}
    with serving("serve", embedded, "--dev", "--limit", "depth=2", ready="/graphql", **environment) as server:
        for query, limit in (
            ("{ a: viewer { b: id } }", "aliases is 1"),
            ("{ products { nodes { id } } }", "depth is 2"),
        ):
            (error,) = server.ask(query, X_User="ann")[1]["errors"]
            assert error["message"] == f"The limit of {limit}."


def test_with_a_key_set_no_secret_is_needed(embedded: Path, sqlite_url: str, tmp_path: Path) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": [OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)]}))
    signed = jwt.encode({"sub": "ann", "aud": "crm"}, key, algorithm="EdDSA")
    arguments = ("serve", embedded, "--database", sqlite_url, "--jwks", path, "--audience", "crm")
    with serving(*arguments, ready="/graphql", SALESMODE_SECRET="") as server:
        assert server.answer(WHO, signed)["data"]["viewer"]["name"] == "ann"
        assert server.ask(WHO, Authorization=f"Bearer {token('ann')}")[0] == 401


def test_a_key_set_that_is_not_there_is_wrong_usage(embedded: Path, tmp_path: Path) -> None:
    said = refusing("serve", embedded, "--jwks", tmp_path / "none.json", "--port", "0")
    assert said.code == 2
    assert "--jwks: there is no file" in said.err


def test_for_development_it_believes_a_name_and_needs_no_secret(embedded: Path, sqlite_url: str) -> None:
    with serving("serve", embedded, "--dev", "--database", sqlite_url, ready="/graphql") as server:
        assert server.ask(WHO, X_User="ann")[1] == {"data": {"viewer": {"name": "ann", "roles": ["admin"]}}}
        assert server.ask(WHO, X_User="bob")[0] == 401
        assert server.ask(WHO)[0] == 401


def test_an_administrator_may_be_made_twice(app: Path, database_url: str) -> None:
    said = salesmode("apply", app, "--database", database_url, "--admin", "ann")
    assert (said.code, said.out) == (0, "No changes.\nann is an administrator.\n")


def test_without_a_secret_it_refuses(embedded: Path, sqlite_url: str) -> None:
    said = refusing("serve", embedded, "--database", sqlite_url)
    assert said.code == 2
    assert "SALESMODE_SECRET is not set" in said.err


def test_a_database_that_does_not_fit_is_refused(app: Path, database_url: str) -> None:
    shop(app, more="kind: object\nname: invoice\nfields: {number: {type: text}}\n")
    said = refusing("serve", app, "--dev", "--port", "0", "--database", database_url)
    assert said.code == 1
    assert "the database does not fit the metadata" in said.err
    assert "hint: salesmode apply" in said.err


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for command in (("serve", shop(tmp_path / "shop"), "--dev"), ("demo",)):
            url = f"sqlite:///{tmp_path}/x.db"
            said = refusing(*command, "--port", port, "--database", url)
            assert said.code == 1
            assert f"port {port} of 127.0.0.1 is taken by another program" in said.err


def test_an_address_that_is_not_ours(tmp_path: Path) -> None:
    said = refusing("serve", shop(tmp_path), "--dev", "--host", "no such host", "--port", "0")
    assert said.code == 2
    assert "cannot listen on no such host, port 0: " in said.err
