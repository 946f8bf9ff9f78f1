"""Changing case the same way on both engines: simple mappings, character by character.

PostgreSQL does it with `lower` and `upper(x COLLATE "pg_c_utf8")`, SQLite with `sm_fold` and `sm_upper` of
its driver.
"""

from typing import Any

# The only two characters whose `str.lower()` is not one character, or depends on what stands around it.
_ALONE = str.maketrans({"\u0130": "i", "\u03a3": "\u03c3"})


def fold_text(text: str) -> str:
    """Lower case, character for character: `İ` becomes `i`, a final `Σ` becomes `σ` as anywhere else."""
    return text.lower() if text.isascii() else text.translate(_ALONE).lower()


def raise_text(text: str) -> str:
    """Upper case, character for character: what would become several characters stays, `ß` does."""
    return text.upper() if text.isascii() else "".join(map(_raised, text))


def _raised(character: str) -> str:
    """Greek letters with a iota below have one in title case, which is their simple upper case."""
    whole, title = character.upper(), character.title()
    return whole if len(whole) == 1 else title if len(title) == 1 else character


def raise_value(value: Any) -> Any:
    """The SQL function: text is raised, anything else (null) stays."""
    return raise_text(value) if isinstance(value, str) else value


def fold_value(value: Any) -> Any:
    """The SQL function: text is folded, anything else (null) stays."""
    return fold_text(value) if isinstance(value, str) else value
