"""The order of planning, in one place."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from salesmode.access.policy import Policy
from salesmode.access.scope import PolicyScope
from salesmode.database.statement import Statement, render
from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.queries import nodes
from salesmode.queries.analysis_pass import analyse
from salesmode.queries.cost import FILTERS, FilterLimits, limit_cost
from salesmode.queries.expand import any_record, expand_selection, record_of
from salesmode.queries.expand_attainment import ATTAINMENT, attainment_of
from salesmode.queries.expand_queue import WORK_QUEUE, queue_of
from salesmode.queries.expand_report import REPORT, report_of
from salesmode.queries.filters import filter_rows
from salesmode.queries.grouping import group_rows
from salesmode.queries.list_view import with_view
from salesmode.queries.opportunity_pass import ask_opportunities
from salesmode.queries.order import order_rows
from salesmode.queries.page import MAX_SIZE, page_rows
from salesmode.queries.pick import Leaf, Pick
from salesmode.queries.render import root_select
from salesmode.queries.volume import volume_of

Pass = Callable[[nodes.Root, Policy], nodes.Root]

PASSES: tuple[Pass, ...] = (group_rows, filter_rows, order_rows, page_rows, ask_opportunities, analyse)


def plan(pick: Pick, scope: PolicyScope, limits: FilterLimits = FILTERS) -> Statement:
    """One root field as one statement: one row with one column, the JSON text of the field.

    No row, or NULL, is a field that is null, or what `missing` says of one that may not be.
    """
    return _planned(with_view(_expanded(pick, scope), scope), scope, limits)


def plan_gathered(
    picks: Iterable[tuple[str, Leaf, Sequence[Pick]]], scope: PolicyScope, limits: FilterLimits
) -> Statement:
    """Records that are there for the caller, by object and ids: a row for each, with the number of its entry,
    its id and its JSON text.
    """
    objects = scope.policy.objects
    places = (nodes.Several(ids, record_of(objects[name], below, scope.policy)) for name, ids, below in picks)
    return _planned(nodes.Gathered(tuple(places)), scope, limits)


def _planned(tree: nodes.Root, scope: PolicyScope, limits: FilterLimits) -> Statement:
    for each in PASSES:
        tree = each(tree, scope.policy)
    limit_cost(tree, limits)
    return replace(render(root_select(tree, scope), scope.dialect), rows=volume_of(tree))


def _expanded(pick: Pick, scope: PolicyScope) -> nodes.Root:
    """What is saved in the metadata is found there, everything else in the policy."""
    if pick.name == WORK_QUEUE:
        return queue_of(pick, scope, lambda picks: any_record(picks, scope.policy))
    if pick.name == REPORT:
        return report_of(pick, scope)
    if pick.name == ATTAINMENT:
        policy = scope.policy
        return attainment_of(pick, scope, lambda name, picks: record_of(policy.objects[name], picks, policy))
    return expand_selection(pick, scope.policy)


def missing(pick: Pick, policy: Policy) -> Refusal:
    """What it means that the statement of a field that may not be null finds no text."""
    root = policy.root(pick.name)
    if pick.name == REPORT or (root and root[0] in ("aggregate", "forecast", "win_rate")):
        return Refusal("QUERY_TOO_COMPLEX", Message("too_many_groups", {"max": MAX_SIZE}))
    return Refusal("NOT_FOUND")
