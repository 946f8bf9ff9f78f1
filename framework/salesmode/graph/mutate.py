"""One field of Mutation as a unit of work: the write, and what its payload reads back, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from salesmode.access.scope import PolicyScope
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.unit import Step
from salesmode.graph.limits import limit_rows
from salesmode.graph.plans import Constant, Returned, Transfer, Write
from salesmode.graph.transfer import transferred
from salesmode.graph.values import inputs_of, value_of
from salesmode.graph.writes import ID, IDS, WRITTEN
from salesmode.records import (
    create,
    delete,
    grant,
    move,
    promote,
    restore,
    revoke,
    tag,
    take_snapshot,
    transfer_ownership,
    unmask,
    untag,
    update,
    update_where,
    upsert,
)

Ids = tuple[str, ...]
_NODES = len('{"nodes":')


def mutation(
    write: Write, variables: Mapping[str, Any], environment: Environment, scope: PolicyScope
) -> Callable[[], UnitOf[bytes]]:
    """A factory of the unit; its answer is the JSON text of the field."""
    given = (
        None
        if write.input_type is None
        else inputs_of(write.input, write.input_type, variables, write.limits)
    )
    writing = _Writing(write, given, environment, scope)
    return writing.delete if write.kind == "delete" else writing.write


def handover(field: Transfer, environment: Environment, scope: PolicyScope) -> Callable[[], UnitOf[bytes]]:
    """A factory of the unit that hands over what somebody owns."""
    given = {name: value_of(leaf, environment) for name, leaf in field.arguments.items()}

    def unit() -> UnitOf[bytes]:
        ids = yield from transfer_ownership(
            scope, given["from"], given.get("to"), environment, objects=given.get("objects")
        )
        return transferred(ids, field.picks)

    return unit


@dataclass(frozen=True)
class _Writing:
    field: Write
    given: Any
    environment: Environment
    scope: PolicyScope

    def write(self) -> UnitOf[bytes]:
        """Write, then read back."""
        ids = yield from self._changed()
        texts = yield from self._read(ids)
        return _payload(texts)

    def delete(self) -> UnitOf[bytes]:
        """The payload shows the record with what goes along, so it is read first."""
        ids = (self._argument("id"),)
        texts = yield from self._read(ids)
        yield from delete(self.scope, self.field.object, ids, self.environment)
        return _payload(texts)

    def _changed(self) -> UnitOf[Ids]:
        field, scope, environment = self.field, self.scope, self.environment
        match field.kind:
            case "create":
                return (yield from create(scope, field.object, [self.given], environment, paths=[("input",)]))
            case "create_many":
                return (yield from create(scope, field.object, self.given, environment))
            case "upsert":
                return (yield from upsert(scope, field.object, field.by, self.given, environment))
            case "update":
                version = self._argument("ifVersion")
                ids = (self._argument("id"),)
                return (
                    yield from update(scope, field.object, ids, self.given, environment, if_version=version)
                )
            case "move":
                return (yield from self._moved())
            case "update_many":
                assert field.where is not None
                return (yield from update_where(scope, field.object, field.where, self.given, environment))
            case "unmask":
                return (
                    yield from unmask(scope, field.object, self._argument("id"), field.fields, environment)
                )
            case "restore":
                return (yield from restore(scope, field.object, (self._argument("id"),), environment))
            case "take_snapshot":
                return (yield from take_snapshot(scope, field.object, self._argument("name"), environment))
            case _:
                return (yield from self._attached())

    def _attached(self) -> UnitOf[Ids]:
        """What is about a record and is no field of it: grants and tags."""
        name, given = self.field.object, self._given()
        match self.field.kind:
            case "grant":
                return (yield from grant(self.scope, name, given, self.environment))
            case "revoke":
                return (yield from revoke(self.scope, name, given, self.environment))
            case "tag":
                return (yield from tag(self.scope, name, given, self.given, self.environment))
            case "untag":
                return (yield from untag(self.scope, name, given, self.environment))
            case _:
                return (yield from promote(self.scope, name, given, self.given or {}, self.environment))

    def _moved(self) -> UnitOf[Ids]:
        return (
            yield from move(
                self.scope,
                self.field.object,
                self._argument("id"),
                self._argument("to"),
                self.given or {},
                self.environment,
                comment=self._argument("comment"),
                if_version=self._argument("ifVersion"),
            )
        )

    def _argument(self, name: str) -> Any:
        leaf = self.field.arguments.get(name)
        return None if leaf is None else value_of(leaf, self.environment)

    def _given(self) -> Mapping[str, Any]:
        """The arguments as values; what was not given is not there."""
        return {name: value_of(leaf, self.environment) for name, leaf in self.field.arguments.items()}

    def _read(self, ids: Ids) -> UnitOf[Sequence[tuple[str, bytes]]]:
        """Each field of the payload by its key. The bulk ones are for at most as many rows as a page has."""
        read = {ID: ids[0] if ids else None, IDS: ids, WRITTEN: len(ids)}
        environment = self.environment.with_variables(read)
        statements = [each.statement for each in self.field.returned if isinstance(each, Returned)]
        limit_rows(sum(each.rows(environment) for each in statements if each), self.field.limits)
        texts = []
        for part in self.field.returned:
            texts.append((part.key, (yield from _returned(part, ids, environment))))
        return texts


def _returned(part: Returned | Constant, ids: Ids, environment: Environment) -> UnitOf[bytes]:
    if isinstance(part, Constant):
        return part.text
    if part.statement is None:
        return orjson.dumps(ids[0] if part.name == "id" else len(ids))
    rows = yield Step(part.statement.sql, part.statement.bind(environment))
    text = str(rows[0][0]) if rows and rows[0][0] is not None else "null"
    return (text[_NODES:-1] if part.name == "nodes" else text).encode()


def _payload(texts: Sequence[tuple[str, bytes]]) -> bytes:
    return b"{%s}" % b",".join(b'"%s":%s' % (key.encode(), text) for key, text in texts)
