"""Requests over TLS: only to who proves to be whom the address names."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from salesmode.jobs.post import Post, Unsent
from tests.jobs.receiver import Receiver, receiving


def certified(folder: Path, host: str) -> Path:
    """A key, and a certificate for that host that it signs itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    found = folder / f"{host}.pem"
    found.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return found


@contextmanager
def secure(file: Path) -> Iterator[Receiver]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with receiving(context) as found:
        yield found


def test_who_is_trusted_gets_the_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = certified(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with secure(file) as receiver:
        Post(f"https://localhost:{receiver.port}/x", b"{}", {}, private=True).send(5)
        assert receiver.requests[0].headers["Host"] == f"localhost:{receiver.port}"


@pytest.mark.parametrize("trusted", [True, False])
def test_nobody_else_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool) -> None:
    file = certified(tmp_path, "elsewhere" if trusted else "localhost")
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with secure(file) as receiver:
        with pytest.raises(Unsent, match="CERTIFICATE_VERIFY_FAILED"):
            Post(f"https://localhost:{receiver.port}/x", b"{}", {}, private=True).send(5)
        assert receiver.requests == []


@pytest.mark.parametrize("url", ["ftp://localhost/x", "localhost", "http://"])
def test_what_is_no_address_is_not_asked(url: str) -> None:
    with pytest.raises(Unsent, match="no address of the web"):
        Post(url, b"", {}, private=True).send(1)
