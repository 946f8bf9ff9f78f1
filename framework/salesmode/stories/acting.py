"""One step of a story or of a demo: what a client would send, and the name that its record goes by."""

from typing import Any

from salesmode.stories.expectations import Answer
from salesmode.stories.requests import request_of
from salesmode.stories.story import Line
from salesmode.stories.values import Cast, Untold
from salesmode.testing import ADMINISTRATOR, Running

_DONE: Answer = {"data": {}}


async def act(line: Line, running: Running, cast: Cast) -> Answer:
    """Do it as who acts, the administrator unless said; the answer may be a refusal.

    Raises Untold where the step names a record that is not there.
    """
    if line.kind == "clock":
        await running.pass_time(line.data["clock"])
        return _DONE
    request = request_of(line, cast, running.environment)
    answer = await running.ask(line.data.get("as", ADMINISTRATOR), request.text, request.variables)
    if not answer.get("errors"):
        _remember(line, request.made, answer["data"], cast)
    return answer


def _remember(line: Line, made: str | None, data: Any, cast: Cast) -> None:
    """What the step made, by what the step calls it and, as a record of the metadata, by its `name`."""
    if made is not None:
        cast.ids[made] = _id(data["done"], made)
    name = line.data.get("values", {}).get("name") if line.kind == "create" else None
    if name is not None:
        cast.known[line.about, str(name)] = _id(data["done"], str(name))


def _id(done: Any, called: str) -> str:
    """Of the record that was made, or of the first that was found."""
    found = done.get("nodes", [done])
    if not found:
        raise Untold(called)
    return str(found[0]["id"])
