"""What a document may ask for at most, told from its text alone, before anything is looked up or planned."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.queries.cost import FILTERS, FilterLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one request may ask for. All but `tokens` count an operation with its fragments spelled out.

    `depth`: of the selection, introspection apart. `items`: of one list that is an argument or in one.
    `rows`: that an answer may hold at most, pages below each row of a page multiplied. `filters`: of one root
    field.
    """

    tokens: int = 5_000
    depth: int = 12
    fields: int = 1_000
    roots: int = 20
    aliases: int = 60
    directives: int = 20
    items: int = 1_000
    rows: int = 200_000
    filters: FilterLimits = FILTERS


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class _Size:
    """Of a selection with its fragments spelled out: `roots` are its own fields."""

    depth: int = 0
    fields: int = 0
    roots: int = 0
    aliases: int = 0
    directives: int = 0


_EMPTY = _Size()


def limit_document(document: DocumentNode, limits: Limits) -> None:
    """Refuse a document whose operations are deeper or larger than the limits."""
    fragments = {
        each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
    }
    sizes: dict[str, _Size] = {}
    for each in document.definitions:
        if isinstance(each, OperationDefinitionNode):
            size = _size(each.selection_set, fragments, sizes, ())
            _refuse_large(replace(size, directives=size.directives + len(each.directives)), limits)


def beyond(limit: str, maximum: int) -> Refusal:
    """A refusal that names the limit."""
    return Refusal("QUERY_TOO_COMPLEX", Message("limit", {"limit": limit, "max": maximum}))


def limit_list(items: int, limits: Limits) -> None:
    """Refuse a list that is too long."""
    if items > limits.items:
        raise Refusal("BAD_REQUEST", Message("limit", {"limit": "list", "max": limits.items}))


def limit_rows(rows: int, limits: Limits) -> None:
    """Refuse an answer that may hold too many rows."""
    if rows > limits.rows:
        raise beyond("rows", limits.rows)


def _refuse_large(size: _Size, limits: Limits) -> None:
    for limit, found, maximum in (
        ("depth", size.depth, limits.depth),
        ("root fields", size.roots, limits.roots),
        ("aliases", size.aliases, limits.aliases),
        ("directives", size.directives, limits.directives),
        ("fields", size.fields, limits.fields),
    ):
        if found > maximum:
            raise beyond(limit, maximum)


def _size(
    selection: SelectionSetNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    sizes: dict[str, _Size],
    inside: tuple[str, ...],
) -> _Size:
    """Depth and number of fields. Introspection has its own shape and counts as one field; a cycle counts
    once.
    """
    found = list(_sizes(selection, fragments, sizes, inside))
    return _Size(
        max((each.depth for each in found), default=0),
        sum(each.fields for each in found),
        sum(each.roots for each in found),
        sum(each.aliases for each in found),
        sum(each.directives for each in found),
    )


def _sizes(
    selection: SelectionSetNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    sizes: dict[str, _Size],
    inside: tuple[str, ...],
) -> Iterator[_Size]:
    for each in selection.selections:
        if isinstance(each, FragmentSpreadNode):
            found = _fragment(each.name.value, fragments, sizes, inside)
        elif isinstance(each, FieldNode):
            deeper = each.selection_set if not each.name.value.startswith("__") else None
            below = _size(deeper, fragments, sizes, inside) if deeper else _EMPTY
            found = _field(each, below)
        else:
            found = _size(each.selection_set, fragments, sizes, inside)  # type: ignore[attr-defined]
        yield replace(found, directives=found.directives + len(each.directives))


def _field(node: FieldNode, below: _Size) -> _Size:
    aliases = below.aliases + (node.alias is not None)
    return _Size(below.depth + 1, below.fields + 1, 1, aliases, below.directives)


def _fragment(
    name: str,
    fragments: Mapping[str, FragmentDefinitionNode],
    sizes: dict[str, _Size],
    inside: tuple[str, ...],
) -> _Size:
    if name in inside or name not in fragments:
        return _EMPTY
    if name not in sizes:
        sizes[name] = _size(fragments[name].selection_set, fragments, sizes, (*inside, name))
    return sizes[name]
