"""Tokens of others: signed with private keys whose public halves stand in a JSON Web Key Set."""

import http.server
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from salesmode.diagnostics import Refusal
from salesmode.server.key_sets import KeySet
from salesmode.server.settings import DEFAULTS
from salesmode.server.tokens import Identity, Tokens, Trust
from tests.server.office import SECRET, Office, opened

pytestmark = pytest.mark.anyio

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
OTHER = ec.generate_private_key(ec.SECP256R1())

KEYS: dict[str, tuple[Any, Any]] = {
    "RS256": (RSA, RSAAlgorithm),
    "ES256": (EC, ECAlgorithm),
    "EdDSA": (ED, OKPAlgorithm),
}


def public(key: Any, algorithm: Any, id_: str | None, **more: str) -> dict[str, Any]:
    return {**algorithm.to_jwk(key.public_key(), as_dict=True), **({"kid": id_} if id_ else {}), **more}


ALL = [public(key, algorithm, name) for name, (key, algorithm) in KEYS.items()]


def signed(key: Any, algorithm: str, id_: str | None, **claims: object) -> str:
    said = {"sub": "ann", "exp": time.time() + 60, **claims}
    return jwt.encode(said, key, algorithm=algorithm, headers={"kid": id_} if id_ else None)


def file_of(folder: Path, keys: list[dict[str, Any]]) -> str:
    path = folder / "keys.json"
    path.write_text(json.dumps({"keys": keys}))
    return str(path)


def pem(key: Any) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    found: bytes = key.public_key().public_bytes(serialization.Encoding.PEM, form)
    return found


@pytest.mark.parametrize("algorithm", KEYS)
async def test_a_token_of_each_algorithm_signs_its_user_in(
    served: Office, tmp_path: Path, algorithm: str
) -> None:
    office = opened(
        served.database, served.model, served.url, settings=replace(DEFAULTS, key_set=file_of(tmp_path, ALL))
    )
    token = signed(KEYS[algorithm][0], algorithm, algorithm)
    answer = await office.post({"query": "{ viewer { name } }"}, Authorization=f"Bearer {token}")
    assert answer.json() == {"data": {"viewer": {"name": "ann"}}}
    assert (await office.ask("{ viewer { name } }", "ann")).status_code == 200, "the secret still signs, too"


async def test_a_token_without_a_key_id_is_verified_where_one_key_can_be_meant(tmp_path: Path) -> None:
    tokens = Tokens(Trust(key_set=file_of(tmp_path, ALL)))
    assert await tokens.identity(signed(EC, "ES256", None)) == Identity("ann")
    twice = Tokens(Trust(key_set=file_of(tmp_path, [*ALL, public(OTHER, ECAlgorithm, "other")])))
    with pytest.raises(Refusal):
        await twice.identity(signed(EC, "ES256", None))


def unsigned(header: dict[str, str], token: str) -> str:
    """The token with another header; its signature no longer fits."""
    parts = token.split(".")
    return ".".join([jwt.utils.base64url_encode(json.dumps(header).encode()).decode(), *parts[1:]])


def hmac_by_public_key(id_: str) -> str:
    """HS256 with a public key as its secret: who takes any key for any algorithm would believe it."""
    head = jwt.utils.base64url_encode(json.dumps({"alg": "HS256", "typ": "JWT", "kid": id_}).encode())
    body = jwt.utils.base64url_encode(json.dumps({"sub": "ann"}).encode())
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        head + b"." + body, pem(RSA)
    )
    return b".".join([head, body, jwt.utils.base64url_encode(signature)]).decode()


WRONG = {
    "public key as secret": hmac_by_public_key("RS256"),
    "another's key": signed(OTHER, "ES256", "ES256"),
    "key of another algorithm": signed(EC, "ES256", "RS256"),
    "unknown key": signed(EC, "ES256", "no such key"),
    "RS512": signed(RSA, "RS512", "RS256"),
    "PS256": signed(RSA, "PS256", "RS256"),
    "expired": signed(EC, "ES256", "ES256", exp=time.time() - 60),
    "nobody": signed(EC, "ES256", "ES256", sub=None),
    "roles are no list": signed(EC, "ES256", "ES256", roles="admin"),
    "none, signed": unsigned({"alg": "none", "kid": "ES256"}, signed(EC, "ES256", "ES256")),
    "RS256 by an EC key": unsigned({"alg": "RS256", "kid": "ES256"}, signed(EC, "ES256", "ES256")),
    "none": jwt.encode({"sub": "ann"}, "", algorithm="none", headers={"kid": "ES256"}),
    "HS256 by another secret": jwt.encode(
        {"sub": "ann"}, SECRET, algorithm="HS256", headers={"kid": "ES256"}
    ),
}


@pytest.mark.parametrize("token", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("secret", [None, "the secret of this server, which nobody else has"])
async def test_a_key_verifies_by_its_own_algorithm_only(
    tmp_path: Path, token: str, secret: str | None
) -> None:
    tokens = Tokens(Trust(secret=secret, key_set=file_of(tmp_path, ALL)))
    with pytest.raises(Refusal) as refusal:
        await tokens.identity(token)
    assert refusal.value.code == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "key",
    [
        public(EC, ECAlgorithm, "k", use="enc"),
        public(EC, ECAlgorithm, "k", alg="ES384"),
        {"kty": "oct", "kid": "k", "alg": "ES256", "k": "c2VjcmV0"},
        {"kty": "new", "kid": "k"},
    ],
    ids=["encrypts", "another algorithm", "symmetric", "unknown"],
)
async def test_a_key_that_is_not_for_signatures_is_passed_over(tmp_path: Path, key: dict[str, Any]) -> None:
    keys = KeySet(file_of(tmp_path, [key, *ALL]))
    assert await keys.key("k", "ES256") is None
    assert await keys.key("ES256", "ES256") is not None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"keys": [{"kty": "EC", "crv": "P-256", "x": "?", "y": 1}]}']
)
async def test_what_is_no_set_of_keys_verifies_nothing(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    tokens = Tokens(Trust(key_set=str(path)))
    with pytest.raises(Refusal):
        await tokens.identity(signed(EC, "ES256", "ES256"))
    assert "cannot be read" in caplog.text


@dataclass
class Issuer:
    """A web server with a set of keys, which counts who asks. `status` other than 200 leads elsewhere."""

    url: str = ""
    keys: list[dict[str, Any]] = field(default_factory=lambda: list(ALL))
    status: int = 200
    asked: int = 0


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    found = Issuer()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked += 1
            self.send_response(found.status)
            if found.status != 200:
                self.send_header("Location", f"{found.url}/moved")
            self.end_headers()
            self.wfile.write(json.dumps({"keys": found.keys}).encode())

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield found
        server.shutdown()
        thread.join()


async def settled(keys: KeySet) -> None:
    """What is being read has been read."""
    if keys._reading is not None:
        await keys._reading


async def test_keys_are_fetched_once_and_again_for_one_that_is_not_known_but_not_too_often(
    issuer: Issuer,
) -> None:
    now = [0.0]
    keys = KeySet(issuer.url, clock=lambda: now[0])
    for _ in range(3):
        assert await keys.key("ES256", "ES256") is not None
    assert issuer.asked == 1
    issuer.keys.append(public(OTHER, ECAlgorithm, "new"))
    assert await keys.key("new", "ES256") is None, "the last look is too fresh"
    assert issuer.asked == 1
    now[0] = 30.0
    assert await keys.key("new", "ES256") is not None
    for _ in range(5):
        assert await keys.key("never", "ES256") is None
    assert issuer.asked == 2


async def test_a_key_that_was_taken_back_ends_its_tokens_though_they_were_read_before(
    issuer: Issuer,
) -> None:
    now = [0.0]
    tokens = Tokens(Trust(key_set=issuer.url))
    keys = tokens._keys = KeySet(issuer.url, clock=lambda: now[0])
    token = signed(EC, "ES256", "ES256")
    assert await tokens.identity(token) == Identity("ann")
    issuer.keys = [each for each in ALL if each["kid"] != "ES256"]
    assert await tokens.identity(token) == Identity("ann")
    now[0] = 301.0
    assert await tokens.identity(token) == Identity("ann"), "nobody waits while keys are read again"
    await settled(keys)
    with pytest.raises(Refusal):
        await tokens.identity(token)


async def test_keys_that_cannot_be_read_again_stay(issuer: Issuer, caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    keys = KeySet(issuer.url, clock=lambda: now[0])
    assert await keys.key("ES256", "ES256") is not None
    issuer.status, now[0] = 500, 301.0
    assert await keys.key("ES256", "ES256") is not None
    await settled(keys)
    assert await keys.key("ES256", "ES256") is not None
    assert issuer.asked == 2
    assert "cannot be read" in caplog.text


async def test_keys_are_not_taken_from_elsewhere(issuer: Issuer) -> None:
    issuer.status = 302
    assert await KeySet(issuer.url).key("ES256", "ES256") is None
    assert issuer.asked == 1
