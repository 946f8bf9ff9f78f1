"""`orderBy`: nulls last both ways, through references, ties by id."""

import pytest

from salesmode.diagnostics.refusal import Refusal
from tests.support.world import World


async def numbers(world: World, person: str, order: str, **paging: object) -> list[int]:
    found = await world.ask(person, f"customers(orderBy: {order}) {{ nodes {{ id }} }}")
    return [int(each["id"][-4:]) for each in found["nodes"]]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("null", [1, 2, 3, 4, 5, 6, 7]),
        ("[]", [1, 2, 3, 4, 5, 6, 7]),
        ("[{id: DESC}]", [7, 6, 5, 4, 3, 2, 1]),
        ("[{name: ASC}]", [1, 2, 3, 5, 6, 7, 4]),  # by code point: "Cäsar" before "Delta", "beta" last
        ("[{revenue: ASC}]", [3, 2, 6, 1, 5, 4, 7]),
        ("[{revenue: DESC}]", [4, 1, 5, 6, 2, 3, 7]),
        ("[{grade: ASC}]", [2, 7, 1, 6, 4, 5, 3]),  # as declared: b, a, c
        ("[{grade: DESC}, {name: DESC}]", [4, 5, 6, 1, 7, 2, 3]),
        ("[{owner: {name: DESC}}]", [4, 7, 5, 6, 1, 2, 3]),
        ("[{parent: {parent: {name: ASC}}}, {vip: DESC}]", [4, 1, 2, 3, 5, 6, 7]),
        ("[{grade: ASC}, {grade: DESC}]", [2, 7, 1, 6, 4, 5, 3]),  # the first mention counts
        ("[{grade: ASC}, {id: DESC}, {name: ASC}]", [7, 2, 6, 1, 5, 4, 3]),
    ],
)
async def test_rows_come_in_the_order_asked_for(world: World, order: str, expected: list[int]) -> None:
    assert await numbers(world, "eve", order) == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("[{revenue: DESC}]", [1, 2, 3, 4, 5]),  # 300 and 100 of other people's customers count as null
        ("[{wechat: ASC}]", [1, 2, 3, 4, 5]),
        ("[{owner: {name: DESC}}]", [5, 1, 2, 3, 4]),
    ],
)
async def test_what_the_reader_may_not_read_is_ordered_as_null(
    world: World, order: str, expected: list[int]
) -> None:
    assert await numbers(world, "ann", order) == expected


@pytest.mark.parametrize(
    "order",
    [
        "[{name: ASC, grade: ASC}]",
        "[{}]",
        "[{name: UP}]",
        "[{name: null}]",
        "[{owner: ASC}]",
        "[{owner: {}}]",
        "[{opportunities: ASC}]",
        "[{settings: ASC}]",
        "[{flags: ASC}]",
    ],
)
async def test_an_entry_is_one_orderable_field_and_a_direction(world: World, order: str) -> None:
    with pytest.raises(Refusal) as refused:
        await numbers(world, "eve", order)
    assert refused.value.code == "BAD_REQUEST"
