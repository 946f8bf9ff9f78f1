"""`secret`: write-only. A slow, salted hash is stored; `verify_secret` tells whether a text is the one."""

import hashlib
import hmac
import os
from base64 import b64decode, b64encode
from typing import Any

from sqlalchemy import ColumnElement, Text
from sqlalchemy.types import TypeEngine

from salesmode.database.statement import Dialect, Encode
from salesmode.fieldtypes.base import FieldType
from salesmode.fieldtypes.sql import NULL_JSON
from salesmode.fieldtypes.text import checked_text
from salesmode.model.field import Field

_COST = 14  # scrypt's N as a power of two: 16 MiB and some 40 ms


class SecretType(FieldType):
    """Nothing reads it back: it decodes to None, its JSON is `null`, and it compares with nothing."""

    name = "secret"
    scalar = "String"
    operators = ()
    selectable = False
    orderable = False

    def column_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        return Text()

    def parse(self, field: Field, value: object) -> Any:
        return checked_text(value)

    def encode(self, field: Field, dialect: Dialect) -> Encode:
        return hashed

    def decode(self, field: Field, value: Any, dialect: Dialect) -> Any:
        return None

    def json(self, field: Field, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
        return NULL_JSON


def hashed(secret: str) -> str:
    """What is stored: method, cost, salt and hash."""
    salt = os.urandom(16)
    return f"scrypt${_COST}${_base64(salt)}${_base64(_scrypt(secret, salt, _COST))}"


def verify_secret(secret: str, stored: str) -> bool:
    """Whether `stored` was made of this secret."""
    _, cost, salt, wanted = stored.split("$")
    return hmac.compare_digest(_scrypt(secret, b64decode(salt), int(cost)), b64decode(wanted))


def _scrypt(secret: str, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=1 << cost, r=8, p=1, maxmem=1 << cost + 11)


def _base64(value: bytes) -> str:
    return b64encode(value).decode("ascii")
