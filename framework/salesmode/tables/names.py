"""Names of constraints and indexes: deterministic, and within the 63 bytes that PostgreSQL keeps."""

from hashlib import sha256

_LONGEST = 63


def constraint_name(prefix: str, table: str, *columns: str) -> str:
    """`uq_customers_name_industry`; where that is too long, its beginning and a digest of the whole."""
    name = "_".join((prefix, table, *columns))
    return name if len(name) <= _LONGEST else digested(name, name)


def digested(name: str, whole: str) -> str:
    """The beginning of a name and a digest of what it stands for."""
    return f"{name[: _LONGEST - 9]}_{sha256(whole.encode()).hexdigest()[:8]}"
