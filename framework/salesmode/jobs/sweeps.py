"""The engine's own timed work: what follows from time alone, or from what a write does not follow."""

from functools import partial

from salesmode.jobs.work import Hand, Work
from salesmode.records.automatic import tag_page
from salesmode.records.expiring import expiry_page
from salesmode.records.pages import Page, Place
from salesmode.records.reassign import choice_page

_OFTEN = "*/15 * * * *"


async def _carry_out(page: Page, hand: Hand) -> int:
    """Each page is a transaction of its own."""
    count, place = 0, Place()
    while True:
        changed, further = await hand.do(partial(page, hand.tables, hand.environment, place))
        count += changed
        if further is None:
            return count
        place = further


SWEEPS = tuple(
    Work(name, _OFTEN, partial(_carry_out, page))
    for name, page in (
        ("sweep expired tags", expiry_page),
        ("sweep references by rule", choice_page),
        ("sweep tags by rule", tag_page),
    )
)
"""Tags that have expired, references that rules choose (`assign`), and tags that rules keep."""
