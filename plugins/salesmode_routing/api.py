"""Fields and mutations of the API, for each object that has pools or routing rules."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from salesmode.hookspecs import ApiField, Desk, GraphFields, Target, UnitOf
from salesmode.model.app import Model
from salesmode.model.names import camel, pascal
from salesmode_routing.claiming import assign, claim, keep_or_give_up, release
from salesmode_routing.handing_over import hand_over
from salesmode_routing.leavers import everybodys, teams
from salesmode_routing.moves import MOVES
from salesmode_routing.pools import Pool, holders, objects_with_pools, pools_of
from salesmode_routing.rules import KIND
from salesmode_routing.texts import problem, refusal
from salesmode_routing.undoing import undo

Run = Callable[[Desk, Mapping[str, Any]], UnitOf[Any]]


def graph_fields_of(model: Model) -> GraphFields:
    mutations = [each for name in objects_with_pools(model) for each in _pool_fields(model, name)]
    rules = model.extensions.get(KIND, {}).values()
    routed = dict.fromkeys(each.object for each in rules)
    return GraphFields(
        queries=tuple(_route_field(name) for name in routed),
        mutations=(*mutations, *_hand_over_fields(model)),
    )


def _pool_fields(model: Model, object_: str) -> Iterator[ApiField]:
    pools = pools_of(model, object_).values()
    ways: tuple[tuple[str, Mapping[str, str], Callable[[Pool], frozenset[str]], Run, str], ...] = (
        ("claim", {}, lambda pool: pool.claim.roles, _claim(object_), "Take it out of its pool."),
        (
            "release",
            _RELEASE,
            lambda pool: pool.release | pool.assign,
            _release(object_),
            "Put it into a pool.",
        ),
        ("assign", _ASSIGN, lambda pool: pool.assign, _assign(object_), "Give it out of its pool to a user."),
    )
    for verb, arguments, roles, run, description in ways:
        allowed = frozenset[str]().union(*(roles(each) for each in pools))
        if allowed:
            yield _about(object_, verb, arguments, run, description, holders(model, allowed))
    if any(rule.notice for each in pools for rule in each.recycle):
        text = "Answer a notice: keep it for one last attempt, or give it up."
        yield _about(object_, "keepOrGiveUp", _DECIDE, _decide(object_), text, None)


_RELEASE = {"pool": "String", "reason": "String"}
_ASSIGN = {"user": "ID!", "reason": "String"}
_DECIDE = {"keep": "Boolean!", "reason": "String"}
_HAND_OVER = {"from": "ID!", "to": "[ID!]", "objects": "[String!]", "reason": "String"}


def _about(
    object_: str,
    verb: str,
    arguments: Mapping[str, str],
    run: Run,
    description: str,
    roles: frozenset[str] | None,
) -> ApiField:
    return ApiField(
        name=f"{verb}{pascal(object_)}",
        answer=pascal(object_),
        run=_reasoned(run),
        arguments={"id": "ID!", **arguments},
        target=Target(object=object_),
        roles=roles,
        description=description,
    )


def _claim(object_: str) -> Run:
    return lambda desk, given: claim(desk, object_, given["id"])


def _release(object_: str) -> Run:
    return lambda desk, given: release(desk, object_, given["id"], given.get("pool"), given.get("reason"))


def _assign(object_: str) -> Run:
    return lambda desk, given: assign(desk, object_, given["id"], given["user"], given.get("reason"))


def _decide(object_: str) -> Run:
    return lambda desk, given: keep_or_give_up(
        desk, object_, given["id"], keep=given["keep"], reason=given.get("reason")
    )


def _reasoned(run: Run) -> Run:
    """The same, where the reason is not longer than what keeps it."""

    def checked(desk: Desk, given: Mapping[str, Any]) -> UnitOf[Any]:
        most = desk.model.objects[MOVES].fields["reason"].max_length
        if most is not None and len(given.get("reason") or "") > most:
            raise refusal("VALIDATION_FAILED", problem("reason", "too_long", most=most))
        return run(desk, given)

    return checked


def _hand_over(desk: Desk, given: Mapping[str, Any]) -> UnitOf[str]:
    to, objects = given.get("to") or (), given.get("objects")
    return hand_over(desk, given["from"], to, objects, given.get("reason"))


def _hand_over_fields(model: Model) -> Iterator[ApiField]:
    roles = everybodys(model) | teams(model)
    yield ApiField(
        name="handOver",
        answer="HandOver",
        run=_reasoned(_hand_over),
        arguments=_HAND_OVER,
        roles=roles,
        description="Give all that a user has to others: to those named in turn, else by rule (D8).",
    )
    yield ApiField(
        name="undoHandOver",
        answer="HandOver",
        run=lambda desk, given: undo(desk, given["id"]),
        arguments={"id": "ID!"},
        target=Target(object="hand_over"),
        roles=roles,
        description="Take a hand-over back; items that were changed since stay and say so.",
    )


def _route_field(object_: str) -> ApiField:
    def run(desk: Desk, given: Mapping[str, Any]) -> UnitOf[Sequence[str]]:
        where = {"object": object_, "record": given["id"]}
        rows = yield from desk.read("routing_decision", (), where=where, order=("-created_at",))
        return [str(each["id"]) for each in rows]

    return ApiField(
        name=f"{camel(object_)}Route",
        answer="[RoutingDecision!]!",
        run=run,
        arguments={"id": "ID!"},
        target=Target(object=object_),
        description="Why the record went where it is: the decisions about it, the newest first (D90).",
    )
