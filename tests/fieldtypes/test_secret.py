"""A secret goes in and never comes out."""

import pytest

from salesmode.database.driver import Database
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.secret import hashed, verify_secret
from salesmode.model.field import Mask
from tests.fieldtypes.kit import named, outcome

SECRET = named("secret")
TYPE = field_type("secret")


async def test_only_a_hash_is_stored_and_nothing_reads_it(database: Database) -> None:
    ((stored, json, mask),) = await outcome(
        database,
        SECRET,
        ["s3cret"],
        lambda column: column,
        lambda column: TYPE.json(SECRET, column, database.dialect),
        lambda column: TYPE.mask(SECRET, column, Mask("last4"), database.dialect),
    )
    assert "s3cret" not in stored
    assert TYPE.decode(SECRET, stored, database.dialect) is None
    assert (json, mask) == ("null", "null")
    assert verify_secret("s3cret", stored)


def test_it_compares_with_nothing() -> None:
    assert (TYPE.operators, TYPE.selectable, TYPE.orderable) == ((), False, False)


@pytest.mark.parametrize("other", ["", "S3cret", "s3cret "])
def test_another_text_is_not_the_secret(other: str) -> None:
    assert not verify_secret(other, hashed("s3cret"))


def test_equal_secrets_are_stored_differently() -> None:
    assert hashed("s3cret") != hashed("s3cret")
