"""The schema of a policy as text in GraphQL's own language: type by type, straight from the catalog."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from graphql import StringValueNode, print_ast
from graphql.language.block_string import is_printable_as_block_string

from salesmode.graph.blueprint import Member
from salesmode.graph.catalog import Catalog, Described
from salesmode.graph.library import LIBRARY_TYPES

_WORDS = {
    **{each: each for each in ("scalar", "interface", "union", "input", "enum")},
    "object": "type",
}


def printed(catalog: Catalog) -> Iterator[str]:
    """The definition of each type but those that graphql-core brings along."""
    return (_type(each) for each in catalog.reachable() if each.blueprint.name not in LIBRARY_TYPES)


def _type(described: Described) -> str:
    blueprint = described.blueprint
    head = f"{_WORDS[blueprint.form]} {blueprint.name}"
    if blueprint.interfaces:
        head += f" implements {' & '.join(blueprint.interfaces)}"
    if blueprint.form == "union":
        head += f" = {' | '.join(blueprint.possible())}"
    about = f"{_quoted(blueprint.description)}\n" if blueprint.description is not None else ""
    body = "\n".join(_lines(described))
    return f"{about}{head} {{\n{body}\n}}" if body else about + head


def _lines(described: Described) -> Iterator[str]:
    for at, (name, member) in enumerate(described.members.items()):
        is_value = described.blueprint.form == "enum"
        text = member if is_value else member.description
        if text is not None:
            quoted = _quoted(text).replace("\n", "\n  ")
            yield f"  {quoted}" if not at else f"\n  {quoted}"
        yield f"  {name}" if is_value else f"  {name}{_arguments(member.args)}: {member.type}"


def _arguments(args: Mapping[str, Member]) -> str:
    """In one line, unless one of them has a description."""
    if not args:
        return ""
    if all(each.description is None for each in args.values()):
        return f"({', '.join(f'{name}: {each.type}' for name, each in args.items())})"
    lines = []
    for at, (name, each) in enumerate(args.items()):
        if each.description is not None:
            quoted = _quoted(each.description).replace("\n", "\n    ")
            lines.append(f"    {quoted}" if not at else f"\n    {quoted}")
        lines.append(f"    {name}: {each.type}")
    return "(\n" + "\n".join(lines) + "\n  )"


@lru_cache(maxsize=65536)
def _quoted(text: str) -> str:
    return print_ast(StringValueNode(value=text, block=is_printable_as_block_string(text)))
