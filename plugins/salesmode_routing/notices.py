"""Tasks for people: notices, last attempts, and what was not touched in time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from salesmode.hookspecs import Desk, UnitOf
from salesmode_routing.texts import moment, said, title_fields

_TASK = "task"


@dataclass(frozen=True, slots=True)
class Notice:
    """One task: `text` is a key of the texts, whose `title` is the record's."""

    record: str
    assignee: str | None
    text: str
    due: datetime
    owner: str = ""


def tell(desk: Desk, object_: str, notices: Sequence[Notice]) -> UnitOf[None]:
    """Two statements for any number of tasks."""
    told = [each for each in notices if each.assignee is not None]
    if not told:
        return
    titles = yield from _titles(desk, object_, [each.record for each in told])
    linked = object_ in desk.model.object(_TASK).fields
    rows = []
    for each in told:
        at = moment(desk.model, each.due)
        subject = said(desk.model, each.text, title=titles[each.record], at=at, owner=each.owner)
        link = {object_: each.record} if linked else {}
        rows.append({"subject": subject[:200], "assignee": each.assignee, "due": each.due, **link})
    yield from desk.create(_TASK, rows)


def attempt_task(desk: Desk, object_: str, id: str, owner: str | None, until: datetime) -> UnitOf[None]:
    """The last attempt that the owner has promised."""
    yield from tell(desk, object_, [Notice(id, owner, "task_attempt", until)])


def _titles(desk: Desk, object_: str, ids: Sequence[str]) -> UnitOf[Mapping[str, str]]:
    fields = title_fields(desk.model, object_)
    template = desk.model.object(object_).title
    rows = yield from desk.read(object_, [each for each in fields if each != "id"], ids=sorted(set(ids)))
    return {str(each["id"]): template.format_map(_Filled(each)) for each in rows}


class _Filled(dict[str, object]):
    """Values of a title, where nothing is told as nothing."""

    def __getitem__(self, name: str) -> object:
        value = super().__getitem__(name)
        return "" if value is None else value
