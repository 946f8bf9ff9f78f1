"""References followed from one source: each joined once; a row the caller may not see joins as nothing."""

from dataclasses import replace

from sqlalchemy import FromClause, and_

from salesmode.access.scope import PolicyScope, SystemScope
from salesmode.conditions.scope import Source


class Joins:
    """The FROM clause of a statement while its keys are collected."""

    def __init__(self, source: Source, scope: PolicyScope | SystemScope) -> None:
        self.table: FromClause = source.table
        self._scope = scope
        self._reached: dict[tuple[str, ...], Source] = {(): source}

    def reach(self, path: tuple[str, ...]) -> Source:
        """The source at the end of a path of references."""
        if path in self._reached:
            return self._reached[path]
        below = self.reach(path[:-1])
        reference = self._scope.cell(below, path[-1])
        target = replace(
            self._scope.source(self._scope.model.target(below.object.fields[path[-1]]).name), optional=True
        )
        found = and_(target.table.c.id == reference.value, self._scope.rows(target))
        self.table = self.table.outerjoin(target.table, found)
        self._reached[path] = target
        return target
