"""What the console shows: pairs that wait for somebody to look at them."""

from collections.abc import Sequence

from salesmode.hookspecs import Panel
from salesmode.model.app import Model
from salesmode_duplicates.asked import match_rules

_OPEN = """{ matchPairs(where: {status: {eq: open}}, orderBy: [{score: DESC}], first: 50) {
  nodes { object score rule first second createdAt } } }"""


def panels(model: Model) -> Sequence[Panel]:
    """One table, where anything is compared."""
    if not match_rules(model):
        return ()
    columns = {
        "Object": "object",
        "Score": "score",
        "Rule": "rule",
        "Earlier record": "first",
        "Later record": "second",
        "Found": "createdAt",
    }
    return (
        Panel(
            name="match_pairs",
            title="Possible duplicates",
            query=_OPEN,
            rows="matchPairs.nodes",
            columns=columns,
        ),
    )
