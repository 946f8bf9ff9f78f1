"""The secret that signs tokens: given by SALESMODE_SECRET, or of a demo's own, kept beside its database."""

import os
import secrets
import warnings
from pathlib import Path

from salesmode.cli.faults import usage
from salesmode.cli.terminal import say_note

VARIABLE = "SALESMODE_SECRET"
SHORTEST = 32  # bytes: what HMAC with SHA-256 asks for


def given_secret(*, required: bool) -> str | None:
    """The secret of the environment; wrong usage where it is required and not there."""
    secret = os.environ.get(VARIABLE) or None
    if secret is None and required:
        raise usage(
            f"{VARIABLE} is not set", hint=f"export {VARIABLE}=… (any {SHORTEST} random characters or more)"
        )
    if secret is not None and len(secret.encode()) < SHORTEST:
        say_note(f"warning: {VARIABLE} is shorter than {SHORTEST} bytes, which can be guessed")
        warnings.filterwarnings("ignore", message="The HMAC key is")  # the token library's words for the same
    return secret


def random_secret() -> str:
    return secrets.token_urlsafe(SHORTEST)


def kept_secret(path: Path) -> str:
    """The secret in that file, which only its owner can read; made at the first call."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(random_secret() + "\n", encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()
