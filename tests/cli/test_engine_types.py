"""The page of the engine's types: it is what `make reference` writes now, and names what clients build on."""

import re
from pathlib import Path
from typing import Any

from graphql import parse

from tests.cli.kit import salesmode

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "engine-types.graphql.md"


def test_the_page_is_what_the_engine_has() -> None:
    said = salesmode("schema", "engine")
    assert said.code == 0
    assert said.out == PAGE.read_text(encoding="utf-8"), "run `make reference`"


def test_it_holds_the_types_that_the_rulings_name() -> None:
    blocks = re.findall(r"```graphql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    definitions: list[Any] = [each for block in blocks for each in parse(block).definitions]
    types = {each.name.value for each in definitions}
    named = (
        "Query Mutation Subscription Node PageInfo Metadata MetadataObject MetadataField HistoryConnection"
    )
    more = "HistoryEntry HistoryChange SearchHit User UserConnection UserPayload UsersPayload TransferPayload"
    assert {*named.split(), *more.split(), "OpportunityPayload", "OpportunitiesPayload", "Decimal"} <= types
