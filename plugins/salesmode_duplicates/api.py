"""What the plugin adds to the GraphQL API for each object that has match rules or ruling rules."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from salesmode.hookspecs import ApiField, Desk, GraphFields, InputType, OutputType, Refusal, Target, UnitOf
from salesmode.model.app import Model
from salesmode.model.names import camel, pascal
from salesmode.model.object import Object
from salesmode.model.role import ADMIN
from salesmode_duplicates.asked import compared_fields, match_rules, rules_of, ruling_rules
from salesmode_duplicates.claiming import claim
from salesmode_duplicates.granted import creators
from salesmode_duplicates.merging import Wish, merge
from salesmode_duplicates.pairs import APART, pairs_of, settle_pairs
from salesmode_duplicates.reasons import check_reason
from salesmode_duplicates.remains import told_rest
from salesmode_duplicates.rulings import rule_on, ruling_as_seen
from salesmode_duplicates.search import NEW, matches
from salesmode_duplicates.telling import told
from salesmode_duplicates.undoing import undo

_EVIDENCE = OutputType(
    name="MatchEvidence",
    fields={"comparison": "String!", "points": "Int!"},
    description="What two records have in common, and what that adds to their score.",
)
_REST = OutputType(
    name="MergeRest",
    fields={"object": "String!", "id": "ID!", "field": "String!", "why": "String!"},
    description="What undoing a merge left as it is: changed or deleted since, as far as one sees it.",
)
_SHARE = OutputType(
    name="OwnershipShare",
    fields={"user": "User", "share": "Decimal!"},
    description="Whose part of the credit; all parts are 1.",
)


def graph_fields_of(model: Model) -> GraphFields:
    """Everything, by the rules of the app."""
    matched = [model.objects[name] for name in match_rules(model)]
    ruled = [model.objects[name] for name in ruling_rules(model)]
    types = [*([_EVIDENCE, _REST] if matched else []), *([_SHARE] if ruled else [])]
    return GraphFields(
        queries=[field for each in matched for field in _queries(model, each)],
        mutations=[
            *(field for each in matched for field in _merging(each)),
            *(field for each in ruled for field in _ruling(model, each)),
        ],
        types=[
            *types,
            *(type_ for each in matched for type_ in _types(model, each)),
            *(type_ for each in ruled for type_ in _types_of_rulings(each)),
        ],
    )


def _types(model: Model, object_: Object) -> Iterator[OutputType | InputType]:
    name = pascal(object_.name)
    yield OutputType(
        name=f"{name}Match",
        fields={
            "record": name,
            "rule": "String",
            "certain": "Boolean!",
            "score": "Int",
            "evidence": "[MatchEvidence!]!",
            "ask": "String",
        },
        description="A likely duplicate. Of one that may not be seen only that it exists, and whom to ask.",
    )
    compared = {camel(each): "String" for each in compared_fields(model, object_.name)}
    yield InputType(
        name=f"{name}MatchInput",
        fields=compared,
        object=object_.name,
        description="What is known of a record.",
    )
    yield InputType(
        name=f"{name}MergeChoice",
        fields={"field": "String!", "from": "ID!"},
        description="The record whose value of a field is kept.",
    )
    yield OutputType(
        name=f"{name}Merged", fields={camel(object_.name): name, "merge": "ID!", "moved": "Int!"}
    )
    yield OutputType(
        name=f"{name}MergeUndone",
        fields={camel(object_.name): name, "restored": f"[{name}!]!", "rest": "[MergeRest!]!"},
    )


def _types_of_rulings(object_: Object) -> Iterator[OutputType]:
    name = pascal(object_.name)
    yield OutputType(name=f"{name}Claimed", fields={camel(object_.name): name, "claim": "ID!"})
    yield OutputType(
        name=f"{name}Ruled",
        fields={
            camel(object_.name): name,
            "ruling": "ID!",
            "clause": "String",
            "owner": "User",
            "shares": "[OwnershipShare!]",
            "reason": "String",
        },
        description="Whose a record is, and how the credit is divided; null: not to be known.",
    )


def _queries(model: Model, object_: Object) -> Iterator[ApiField]:
    one, many, name = pascal(object_.name), pascal(object_.plural), object_.name
    yield ApiField(
        name=f"duplicatesOf{one}",
        answer=f"[{one}Match!]!",
        target=Target(object=name),
        run=partial(_duplicates, name),
        description="Records that are likely the same as this one, the surest first.",
    )
    yield ApiField(
        name=f"find{many}Like",
        answer=f"[{one}Match!]!",
        arguments={"values": f"{one}MatchInput!"},
        roles=creators(model, name),
        run=partial(_like, name),
        description="Records that are likely the same as one that is about to be created.",
    )


def _merging(object_: Object) -> Iterator[ApiField]:
    one, many, name = pascal(object_.name), pascal(object_.plural), object_.name
    several = Target(object=name, argument="ids", right="merge")
    yield ApiField(
        name=f"merge{many}",
        answer=f"{one}Merged!",
        arguments={
            "ids": "[ID!]!",
            "into": "ID",
            "choose": f"[{one}MergeChoice!]",
            "reason": "String",
        },
        target=several,
        run=partial(_merge, name),
        description="Make one record of several, field by field, with everything that refers to them.",
    )
    yield ApiField(
        name=f"undo{one}Merge",
        answer=f"{one}MergeUndone!",
        target=Target(object=name, right="merge"),
        run=partial(_undo, name),
        description="Undo the latest merge into this record; what was changed since stays and is told.",
    )
    yield ApiField(
        name=f"keep{many}Apart",
        answer="Boolean!",
        arguments={"ids": "[ID!]!", "reason": "String"},
        target=several,
        run=partial(_apart, name),
        description="These are not the same: they are not proposed again.",
    )


def _ruling(model: Model, object_: Object) -> Iterator[ApiField]:
    one, name, rule = pascal(object_.name), object_.name, ruling_rules(model)[object_.name]
    roles = rule.roles | {ADMIN}
    yield ApiField(
        name=f"claimOwnershipOf{one}",
        answer=f"{one}Claimed!",
        arguments={"kind": "String!", "reason": "String!", "user": "ID"},
        target=Target(object=name),
        roles=None if rule.register is None else rule.register | roles,
        run=partial(_claim, name),
        description="Claim a record: `registered` for oneself, `manual` by who may rule.",
    )
    yield ApiField(
        name=f"ruleOn{one}",
        answer=f"{one}Ruled!",
        target=Target(object=name),
        roles=roles,
        run=partial(_rule, name),
        description="Rule whose a record is, by the facts and claims there are.",
    )


def _duplicates(name: str, desk: Desk, given: Mapping[str, Any]) -> UnitOf[Any]:
    fields = compared_fields(desk.model, name)
    records = yield from desk.read(name, fields, ids=[given["id"]])
    found = yield from matches(desk, name, records, every=True)
    known = yield from pairs_of(desk, [given["id"]])
    apart = {other for pair, row in known.items() if row["status"] == APART for other in pair}
    return (yield from told(desk, name, [each for each in found if each.other not in apart], records))


def _like(name: str, desk: Desk, given: Mapping[str, Any]) -> UnitOf[Any]:
    values = given["values"]
    fields = compared_fields(desk.model, name)
    record = {"id": NEW, **{each: values.get(camel(each)) for each in fields}}
    found = yield from matches(desk, name, [record], every=True)
    return (yield from told(desk, name, found, [record]))


def _merge(name: str, desk: Desk, given: Mapping[str, Any]) -> UnitOf[Any]:
    check_reason(given.get("reason"))
    (rule, *_) = rules_of(desk.model, name)
    wish = Wish(
        ids=tuple(given["ids"]),
        into=_id(given.get("into")),
        chosen=_chosen(desk.model.objects[name], given.get("choose") or ()),
        reason=given.get("reason"),
    )
    merged = yield from merge(desk, rule, wish)
    return {camel(name): merged.survivor, "merge": merged.merge, "moved": merged.moved}


def _id(given: str | None) -> str | None:
    """An id as it is stored; what is none stays as it is, and is nobody's."""
    try:
        return None if given is None else str(UUID(given))
    except ValueError:
        return given


def _chosen(object_: Object, given: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """By the field's name in the metadata; an unknown one stays as it was written, and is refused."""
    spelled = {camel(each): each for each in object_.fields}
    return {spelled.get(each["field"], each["field"]): str(_id(each["from"])) for each in given}


def _undo(name: str, desk: Desk, given: Mapping[str, Any]) -> UnitOf[Any]:
    undone = yield from undo(desk, name, given["id"])
    rest = yield from told_rest(desk, undone.rest)
    return {camel(name): undone.survivor, "restored": list(undone.restored), "rest": rest}


def _apart(name: str, desk: Desk, given: Mapping[str, Any]) -> UnitOf[bool]:
    check_reason(given.get("reason"))
    if len(given["ids"]) < 2:
        raise Refusal("BAD_REQUEST")
    yield from settle_pairs(desk, name, given["ids"], APART, given.get("reason"))
    return True


def _claim(name: str, desk: Desk, given: Mapping[str, Any]) -> UnitOf[Any]:
    check_reason(given["reason"])
    wanted = {**given, "user": _id(given.get("user"))}
    id_ = yield from claim(desk, name, given["id"], wanted)
    return {camel(name): given["id"], "claim": id_}


def _rule(name: str, desk: Desk, given: Mapping[str, Any]) -> UnitOf[Any]:
    id_ = yield from rule_on(desk, name, given["id"])
    ruling = yield from ruling_as_seen(desk, id_)
    return {camel(name): given["id"], "ruling": id_, **ruling}
