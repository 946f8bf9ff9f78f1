"""How a metadata name is spelled in GraphQL."""

from functools import lru_cache


@lru_cache(maxsize=65536)
def camel(name: str) -> str:
    """`next_follow_up` → `nextFollowUp`: fields and arguments."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


@lru_cache(maxsize=65536)
def pascal(name: str) -> str:
    """`next_follow_up` → `NextFollowUp`: types."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
