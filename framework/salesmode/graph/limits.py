"""What a document may ask for at most, told from its text alone, before anything is looked up or planned."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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

MAX_TOKENS = 5_000
MAX_DEPTH = 12
MAX_FIELDS = 1_000
MAX_ROOTS = 100


@dataclass(frozen=True, slots=True)
class _Size:
    """Of a selection with its fragments spelled out: `roots` are its own fields."""

    depth: int
    fields: int
    roots: int


_EMPTY = _Size(0, 0, 0)


def limit_document(document: DocumentNode) -> None:
    """Refuse a document whose operations are deeper or larger, fragments spelled out, than the limits."""
    fragments = {
        each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
    }
    sizes: dict[str, _Size] = {}
    for each in document.definitions:
        if isinstance(each, OperationDefinitionNode):
            _refuse_large(_size(each.selection_set, fragments, sizes, ()))


def _refuse_large(size: _Size) -> None:
    limits = (
        ("depth", size.depth, MAX_DEPTH),
        ("fields", size.fields, MAX_FIELDS),
        ("root fields", size.roots, MAX_ROOTS),
    )
    for limit, found, maximum in limits:
        if found > maximum:
            raise Refusal("QUERY_TOO_COMPLEX", Message("limit", {"limit": limit, "max": maximum}))


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
    depth = max((each.depth for each in found), default=0)
    return _Size(depth, sum(each.fields for each in found), sum(each.roots for each in found))


def _sizes(
    selection: SelectionSetNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    sizes: dict[str, _Size],
    inside: tuple[str, ...],
) -> Iterator[_Size]:
    for each in selection.selections:
        if isinstance(each, FragmentSpreadNode):
            yield _fragment(each.name.value, fragments, sizes, inside)
        elif isinstance(each, FieldNode):
            deeper = each.selection_set is not None and not each.name.value.startswith("__")
            below = (
                _size(each.selection_set, fragments, sizes, inside)
                if deeper and each.selection_set
                else _EMPTY
            )
            yield _Size(below.depth + 1, below.fields + 1, 1)
        else:
            yield _size(each.selection_set, fragments, sizes, inside)  # type: ignore[attr-defined]


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
