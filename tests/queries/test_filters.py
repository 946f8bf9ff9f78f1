"""`where`: every operator, with the caller's rights at every hop."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from salesmode.diagnostics.refusal import Refusal
from tests.support.world import ANN, BOB, EVE, NORTH, World, its


async def numbers(world: World, person: str, where: str, **variables: object) -> list[int]:
    """Which customers are found, by their numbers."""
    found = await world.ask(person, f"customers(where: {where}) {{ nodes {{ id }} totalCount }}", **variables)
    assert found["totalCount"] == len(found["nodes"])
    return [int(each["id"][-4:]) for each in found["nodes"]]


STEEL, ACME = "steel", its("customer", 1)
OPERATORS: list[tuple[str, dict[str, Any], list[int]]] = [
    ("{industry: {eq: $x}}", {"x": STEEL}, [1, 2]),
    ("{industry: {ne: $x}}", {"x": STEEL}, [3, 4, 5, 6, 7]),
    ("{industry: {in: $x}}", {"x": (STEEL, "paper")}, [1, 2, 3]),
    ("{industry: {in: []}}", {}, []),
    ("{industry: {notIn: $x}}", {"x": (STEEL, "paper")}, [4, 5, 6, 7]),
    ("{industry: {isNull: true}}", {}, [5, 6, 7]),
    ("{industry: {isNull: $x}}", {"x": False}, [1, 2, 3, 4]),
    ("{revenue: {lt: $x}}", {"x": Decimal("5.00")}, [2, 3]),
    ("{revenue: {lte: $x}}", {"x": Decimal("5.00")}, [2, 3, 6]),
    ("{revenue: {gt: $x}}", {"x": Decimal("100.00")}, [4]),
    ("{revenue: {gte: $x}}", {"x": Decimal("100.00")}, [1, 4, 5]),
    ("{revenue: {between: [$x, $y]}}", {"x": Decimal("5.00"), "y": Decimal("100.00")}, [1, 5, 6]),
    ("{staff: {between: [-3, 9]}}", {}, [2]),
    ("{founded: {gte: $x}}", {"x": date(2010, 1, 4)}, [2, 4]),
    ("{lastSeen: {lt: $x}}", {"x": datetime(2026, 3, 31, 16, tzinfo=UTC)}, [1]),
    ("{vip: {eq: $x}}", {"x": False}, [2]),
    ("{name: {contains: $x}}", {"x": "eta"}, [2, 4]),
    ("{name: {contains: $x}}", {"x": "%"}, [6]),
    ("{name: {contains: $x}}", {"x": "_"}, [7]),
    ("{name: {startsWith: $x}}", {"x": "B"}, [2]),
    ("{name: {endsWith: $x}}", {"x": "ta"}, [2, 4, 5]),
    ("{name: {icontains: $x}}", {"x": "BETA"}, [2, 4]),
    ("{name: {icontains: $x}}", {"x": "CÄ"}, [3]),
    ("{grade: {in: [a, b]}}", {}, [1, 2, 6, 7]),
    ("{flags: {has: $x}}", {"x": "red"}, [1]),
    ("{flags: {hasAny: $x}}", {"x": ("red", "green")}, [1, 5]),
    ("{flags: {hasAll: $x}}", {"x": ("blue", "red")}, [1]),
    ("{flags: {isEmpty: true}}", {}, [2, 3, 4, 6, 7]),
    ("{owner: {eq: $x}}", {"x": BOB}, [5, 6]),
    ("{parent: {under: $x}}", {"x": ACME}, [2, 4]),
    ("{parent: {isNull: true}}", {}, [1, 3, 5, 6]),
    ("{watchers: {has: $x}}", {"x": EVE}, [1, 4]),
    ("{id: {in: $x}}", {"x": (its("customer", 5), ACME)}, [1, 5]),
    ("{name: {gt: $x}, grade: {eq: b}}", {"x": "C"}, [7]),
    ("{or: [{grade: {eq: c}}, {industry: {eq: $x}}]}", {"x": STEEL}, [1, 2, 4, 5]),
    ("{and: [{grade: {eq: a}}, {industry: {eq: $x}}]}", {"x": STEEL}, [1]),
    ("{not: {industry: {eq: $x}}}", {"x": STEEL}, [3, 4, 5, 6, 7]),
    ("{owner: {name: {eq: $x}}}", {"x": "Ann"}, [1, 2, 3]),
    ("{owner: {team: {under: $x}}}", {"x": NORTH}, [1, 2, 3, 5, 6]),
    ("{parent: {parent: {name: {isNull: false}}}}", {}, [4]),
    ("{opportunities: {some: {amount: {gt: $x}}}}", {"x": Decimal("10.00")}, [1, 6]),
    ("{opportunities: {none: {}}}", {}, [3, 5]),
    ("{opportunities: {every: {amount: {gte: $x}}}}", {"x": Decimal("7.77")}, [1, 3, 5, 6, 7]),
    ("{opportunities: {some: {activities: {some: {subject: {eq: $x}}}}}}", {"x": "visit"}, [1, 7]),
    ("{}", {}, [1, 2, 3, 4, 5, 6, 7]),
]


@pytest.mark.parametrize(("where", "variables", "expected"), OPERATORS)
async def test_what_a_condition_finds(
    world: World, where: str, variables: dict[str, Any], expected: list[int]
) -> None:
    assert await numbers(world, "eve", where, **variables) == expected


HOPS: list[tuple[str, dict[str, Any], list[int]]] = [
    # Revenue is clear on Ann's own customers alone and null on the others.
    ("{revenue: {gte: $x}}", {"x": Decimal("100.00")}, [1]),
    ("{revenue: {isNull: true}}", {}, [4, 5]),
    ("{revenue: {ne: $x}}", {"x": Decimal("100.00")}, [2, 3, 4, 5]),
    ("{not: {revenue: {gt: $x}}}", {"x": Decimal("0.00")}, [3, 4, 5]),
    # A masked value is not found either.
    ("{wechat: {endsWith: $x}}", {"x": "en4"}, []),
    ("{wechat: {isNull: true}}", {}, [3, 4, 5]),
    # Eve, customer 6 and their deals do not exist for Ann.
    ("{owner: {eq: $x}}", {"x": EVE}, []),
    ("{owner: {isNull: true}}", {}, [4]),
    ("{owner: {name: {eq: $x}}}", {"x": "Eve"}, []),
    ("{watchers: {has: $x}}", {"x": EVE}, []),
    ("{watchers: {isEmpty: true}}", {}, [2, 3, 4, 5]),
    ("{watchers: {hasAny: $x}}", {"x": (EVE, ANN)}, [1]),
    ("{opportunities: {some: {owner: {isNull: true}}}}", {}, [1, 4]),
    ("{opportunities: {none: {}}}", {}, [3, 5]),
    ("{parent: {under: $x}}", {"x": its("customer", 6)}, []),
    ("{parent: {under: $x}}", {"x": ACME}, [2, 4]),
]


@pytest.mark.parametrize(("where", "variables", "expected"), HOPS)
async def test_the_callers_rights_hold_at_every_hop(
    world: World, where: str, variables: dict[str, Any], expected: list[int]
) -> None:
    assert await numbers(world, "ann", where, **variables) == expected


REFUSED = (
    ("{name: null}", {}),
    ("{name: {eq: null}}", {}),
    ("{name: {eq: $x}}", {"x": None}),
    ("{revenue: {between: [1]}}", {}),
    ("{revenue: {between: [1, null]}}", {}),
    ("{and: null}", {}),
    ("{not: null}", {}),
    ("{name: {under: $x}}", {"x": ACME}),
    ("{owner: {under: $x}}", {"x": EVE}),
    ("{opportunities: {any: {}}}", {}),
    ("{opportunities: {name: {eq: $x}}}", {"x": "One"}),
)


@pytest.mark.parametrize(("where", "variables"), REFUSED)
async def test_what_means_nothing_is_refused(world: World, where: str, variables: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        await numbers(world, "eve", where, **variables)
    assert refused.value.code == "BAD_REQUEST"


async def test_a_filter_has_a_limit_of_terms_wherever_it_stands(world: World) -> None:
    many = "{or: [" + ", ".join(["{grade: {eq: a}}, {industry: {isNull: true}}"] * 51) + "]}"
    terms = ", ".join(f'{{industry: {{eq: "{each}"}}}}' for each in range(201))
    for text in (
        f"customers(where: {{or: [{terms}]}}) {{ totalCount }}",
        f"customerAggregate(where: {{or: [{terms}]}}) {{ count }}",
        f"customers {{ nodes {{ customers(where: {{or: [{terms}]}}) {{ totalCount }} }} }}",
    ):
        with pytest.raises(Refusal) as refused:
            await world.ask("eve", text)
        assert refused.value.code == "QUERY_TOO_COMPLEX"
    assert (await world.ask("eve", f"customers(where: {many}) {{ totalCount }}"))["totalCount"] == 4


async def test_a_filter_has_a_limit_of_nesting(world: World) -> None:
    where = "{parent: " * 9 + "{name: {isNull: true}}" + "}" * 9
    with pytest.raises(Refusal) as refused:
        await numbers(world, "eve", where)
    assert refused.value.code == "QUERY_TOO_COMPLEX"
