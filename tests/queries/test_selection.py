"""What is selected comes out as the reader may see it, in one statement."""

from tests.support.world import World, its


async def test_every_type_comes_out_as_the_json_that_clients_expect(world: World) -> None:
    fields = "name grade wechat revenue score discount staff orders vip founded lastSeen note settings flags"
    found = await world.ask(
        "ann", f'customer(id: "{its("customer", 1)}") {{ id {fields} createdAt version }}'
    )
    assert found == {
        "id": its("customer", 1),
        "name": 'Acme "1" \\ 客户 😀',
        "grade": "a",
        "wechat": "acme_wechat",
        "revenue": "100.00",
        "score": "1.2500",
        "discount": "-5.50",
        "staff": 10,
        "orders": "9007199254740993",
        "vip": True,
        "founded": "2001-02-03",
        "lastSeen": "2026-03-31T15:59:59Z",
        "note": "first\nsecond",
        "settings": {"colour": "red", "sizes": [1, 2]},
        "flags": ["red", "blue"],
        "createdAt": "2026-01-01T00:00:00Z",
        "version": 1,
    }
